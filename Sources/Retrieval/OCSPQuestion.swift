import Foundation
import Reports

/// How an OCSP request travels (RFC 6960 appendix A.1): by GET when it is short, which servers can cache,
/// else by POST.
enum OCSPQuestion {
    /// RFC 5019 §5 counts the whole URL, RFC 6960 the encoded request; the smaller bound satisfies both.
    static let maximumURLOctets = 255

    /// Nil when only POST will do.
    static func url(_ responder: FetchURL, _ request: [UInt8]) -> FetchURL? {
        guard !responder.text.contains("?") else { return nil }
        var encoded = Data(request).base64EncodedString()
        for (character, code) in [("+", "%2B"), ("/", "%2F"), ("=", "%3D")] {
            encoded = encoded.replacingOccurrences(of: character, with: code)
        }
        let text = responder.text + (responder.text.hasSuffix("/") ? "" : "/") + encoded
        guard text.utf8.count <= maximumURLOctets else { return nil }
        return try? FetchURL(text)
    }

    /// Whether an answer to GET is one; else POST is tried, for some responders understand nothing else.
    static func isAnswered(_ answer: Exchange.Answer) -> Bool {
        if answer.headers.status == 304 { return true }
        guard answer.headers.status == 200,
            answer.headers["content-type"]?.lowercased().hasPrefix("application/ocsp-response") == true
        else { return false }
        // An OCSPResponse of malformedRequest alone (RFC 6960 §4.2.1).
        if case .bytes(let bytes) = answer.body { return bytes != [0x30, 3, 0x0A, 1, 1] }
        return true
    }
}
