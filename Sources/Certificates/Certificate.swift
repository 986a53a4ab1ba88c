/// An X.509 certificate (RFC 5280), immutable, parsed once.
package final class Certificate: Sendable {
    package let der: [UInt8]
    package let sha256: SHA256Digest

    init(der: [UInt8]) { (self.der, self.sha256) = (der, SHA256Digest(of: der)) }
}
