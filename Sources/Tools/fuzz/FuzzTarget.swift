import Glibc

/// A property that must hold of every input, and does not.
package struct BrokenInvariant: Error, CustomStringConvertible {
    package let what: String
    package var description: String { what }

    init(_ what: String) { self.what = what }
}

func require(
    _ condition: Bool, _ what: @autoclosure () -> String
) throws(BrokenInvariant) {
    guard condition else { throw BrokenInvariant(what()) }
}

/// What reads hostile bytes. Whatever the bytes are, nothing traps and the invariants hold; the tests replay
/// what libFuzzer found worth keeping.
package enum FuzzTarget: String, Sendable, CaseIterable {
    case pem, certificate, pkcs7, crl, name, json, options, chain

    package func check(_ bytes: [UInt8]) throws(BrokenInvariant) {
        switch self {
        case .pem: try PEMInvariants.check(bytes)
        case .certificate: try CertificateInvariants.check(bytes)
        case .pkcs7: try PKCS7Invariants.check(bytes)
        case .crl: try CRLInvariants.check(bytes)
        case .name: try NameInvariants.check(bytes)
        case .json: try JSONInvariants.check(bytes)
        case .options: try OptionInvariants.check(bytes)
        case .chain: try ChainInvariants.check(bytes)
        }
    }
}

/// What libFuzzer calls: one input of one target.
package func fuzz(_ target: FuzzTarget, _ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    do {
        try target.check(Array(UnsafeBufferPointer(start: start, count: count)))
    } catch {
        // A release build would drop the message of a precondition.
        let message = Array("broken invariant of \(target.rawValue): \(error)\n".utf8)
        _ = write(STDERR_FILENO, message, message.count)
        preconditionFailure()
    }
    return 0
}
