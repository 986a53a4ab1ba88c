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

    package var literal: IPAddress? { IPAddress(text: host) }

    /// The value of `Proxy-Authorization` (RFC 9110 §11.7.2); nil without credentials. Never to be printed.
    package var authorization: String? { credentials.map { "Basic " + $0 } }

    package func request(for address: IPAddress, port: UInt16) -> [UInt8] {
        let authority = (address.family == .v6 ? "[\(address)]" : "\(address)") + ":\(port)"
        var text = "CONNECT \(authority) HTTP/1.1\r\nHost: \(authority)\r\n"
        if let authorization { text += "Proxy-Authorization: \(authorization)\r\n" }
        return Array((text + "\r\n").utf8)
    }
}
