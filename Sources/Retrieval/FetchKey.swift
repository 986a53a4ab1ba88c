import Certificates
import Reports

/// What makes two fetches the same: not for which certificate they are.
struct FetchKey: Sendable, Hashable {
    let kind: Wanted.Kind
    let url: String
    let request: [UInt8]?

    init(_ wanted: Wanted) {
        (kind, url, request) = (wanted.kind, wanted.url, wanted.kind == .ocsp ? wanted.request : nil)
    }

    /// A name for files.
    var name: String {
        let text = "\(kind.rawValue)\n\(url)\n\(Hex.encode(request ?? []))"
        return SHA256Digest(of: Array(text.utf8)).hex
    }
}
