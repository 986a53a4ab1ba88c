import Certificates
import Fixtures
import Revocation

/// A CRL as it is, and with the same content under an honest signature of either issuer.
enum CRLInvariants {
    static func check(_ bytes: [UInt8]) throws(BrokenInvariant) {
        try judge(bytes)
        for issuer in [Stage.intermediate, Stage.root] {
            if let der = Stage.resigned(bytes, by: issuer.key) { try judge(der) }
        }
    }

    private static func judge(_ der: [UInt8]) throws(BrokenInvariant) {
        guard let crl = try? CRL(der: der) else { return }
        try require(crl.sha256 == SHA256Digest(of: der), "another digest")
        let path = Stage.path
        let answers = CRLJudge(crls: [crl], pool: []).judge(path, at: Fixtures.now)
        try require(answers.count == path.certificates.count - 1, "not one answer for each certificate")
        if !path.certificates.contains(where: { crl.isNamed(as: $0) && crl.isSigned(by: $0) }) {
            try require(answers.allSatisfy { $0 == .absent }, "a stranger's CRL says something")
        }
        for (answer, certificate) in zip(answers, path.certificates) where answer == .revoked {
            try require(
                contains(der, certificate.serial), "revoked by a CRL that does not hold its serial number")
        }
        let again = CRLJudge(crls: [crl, crl], pool: path.certificates).judge(path, at: Fixtures.now)
        try require(again == answers, "the same CRL twice says something else")
    }

    private static func contains(_ bytes: [UInt8], _ needle: [UInt8]) -> Bool {
        bytes.indices.contains { bytes[$0...].starts(with: needle) }
    }
}
