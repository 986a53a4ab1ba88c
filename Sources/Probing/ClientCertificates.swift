import TLS

/// The pairs that probes may present, by the names that requests use for them.
package struct ClientCertificates: Sendable, Equatable {
    private var identities: [String: ClientIdentity] = [:]

    package init() {}

    /// What is wrong with a pair; never any of its bytes.
    package struct Failure: Error, Sendable, Equatable {
        package var text: String
    }

    package func contains(_ name: String) -> Bool { identities[name] != nil }

    func identity(_ name: String?) -> ClientIdentity? { name.flatMap { identities[$0] } }

    /// - Parameters:
    ///   - certificates: PEM; the client's own first, then what is sent after it.
    ///   - key: PEM, not encrypted.
    package mutating func add(_ name: String, certificates: [UInt8], key: [UInt8]) throws(Failure) {
        do throws(ClientIdentity.Failure) {
            identities[name] = try ClientIdentity(certificates: certificates, key: key)
        } catch {
            switch error {
            case .noCertificate: throw Failure(text: "there is no certificate in the PEM")
            case .noKey: throw Failure(text: "there is no private key in the PEM, or it is encrypted")
            case .keyMismatch: throw Failure(text: "the private key is not the certificate's")
            case .refused(let words): throw Failure(text: "libssl does not take it: \(words)")
            }
        }
    }
}
