import Egress

/// An HTTP proxy that every connection goes through by CONNECT (RFC 9110 §9.3.6). We resolve and vet, and ask
/// it for the vetted literal; the operator named the proxy, so the egress policy does not speak of it.
package struct Proxy: Sendable, Equatable {
    /// A-labels or an IP literal, without brackets.
    package let host: String
    package let port: UInt16
    /// `user:password` in base64 (RFC 7617 §2); never printed.
    private let credentials: String?

    /// - Parameter credentials: `user:password` in base64.
    package init(host: String, port: UInt16, credentials: String? = nil) {
        (self.host, self.port, self.credentials) = (host, port, credentials)
    }

    /// As the report names it, without credentials.
    package var description: String { (host.contains(":") ? "[\(host)]" : host) + ":\(port)" }

    var literal: IPAddress? { IPAddress(text: host) }

    func request(for address: IPAddress, port: UInt16) -> [UInt8] {
        let authority = (address.family == .v6 ? "[\(address)]" : "\(address)") + ":\(port)"
        var text = "CONNECT \(authority) HTTP/1.1\r\nHost: \(authority)\r\n"
        if let credentials { text += "Proxy-Authorization: Basic \(credentials)\r\n" }
        return Array((text + "\r\n").utf8)
    }
}
