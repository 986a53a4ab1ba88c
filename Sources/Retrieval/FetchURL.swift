import CCurl
import Egress
import Reports

/// A URL as libcurl understands it: who vets must read it as who dials does, so libcurl's parser reads it
/// here.
struct FetchURL: Sendable, Equatable {
    /// Octets of the longest that is followed; the longest in public certificates are below 300.
    static let maximumOctets = 2048

    /// Written anew by the parser, without fragment. An IPv4 address in it is four decimal numbers.
    let text: String
    /// A-labels or a literal without brackets.
    let host: String
    let port: UInt16

    /// A dot at the end of an address does not make a name of it.
    var literal: IPAddress? { IPAddress(text: host.hasSuffix(".") ? String(host.dropLast()) : host) }

    /// - Parameters:
    ///   - text: an absolute URL, or one relative to `base` (RFC 3986 §5).
    ///   - base: where a redirect came from.
    init(_ text: String, base: FetchURL? = nil) throws(FetchFailure) {
        guard text.utf8.count <= Self.maximumOctets, text.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
        else {
            throw FetchFailure(.unsupported, "the URL has other octets than a URL may have, or too many")
        }
        // libcurl forgives one slash and three.
        guard !text.drop(while: { $0 != ":" }).hasPrefix(":///"), base != nil || text.contains("://") else {
            throw FetchFailure(.unsupported, "no URL at all")
        }
        guard let handle = curl_url() else { throw FetchFailure(.transfer, "libcurl has no memory") }
        defer { curl_url_cleanup(handle) }
        if let base { curl_url_set(handle, CURLUPART_URL, base.text, 0) }
        guard curl_url_set(handle, CURLUPART_URL, text, UInt32(CURLU_DISALLOW_USER)) == CURLUE_OK,
            curl_url_set(handle, CURLUPART_FRAGMENT, nil, 0) == CURLUE_OK,
            let scheme = Self.part(handle, CURLUPART_SCHEME), scheme == "http" || scheme == "https"
        else { throw FetchFailure(.unsupported, "neither http nor https, or no URL at all") }
        guard let host = Self.part(handle, CURLUPART_HOST), Self.part(handle, CURLUPART_ZONEID) == nil,
            let whole = Self.part(handle, CURLUPART_URL),
            let port = Self.part(handle, CURLUPART_PORT, CURLU_DEFAULT_PORT).flatMap({ UInt16($0) }), port > 0
        else { throw FetchFailure(.unsupported, "the URL names no host that can be dialled") }
        self.text = whole
        self.host = host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host
        self.port = port
    }

    private static func part(_ handle: OpaquePointer, _ part: CURLUPart, _ flags: Int32 = 0) -> String? {
        var text: UnsafeMutablePointer<CChar>?
        guard curl_url_get(handle, part, &text, UInt32(flags)) == CURLUE_OK, let text else { return nil }
        defer { curl_free(text) }
        return String(cString: text)
    }
}
