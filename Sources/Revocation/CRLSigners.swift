import Certificates
import PathBuilding
import Synchronization

/// Who signed the CRLs of one question. Certificates of one name and CRLs of that issuer multiply, so each
/// pair is checked once over all paths, and only so many of them.
final class CRLSigners: Sendable {
    /// As many as one search may spend on certificates; a request brings at most 100 CRLs, so each may be
    /// tried with two issuers of its name.
    static let limit = SearchBudget().signatures

    enum Answer: Sendable, Equatable {
        case signed
        /// By none of the candidates.
        case stranger
        /// The limit came before a signer.
        case exhausted
    }

    private struct Pair: Hashable {
        let crl, certificate: SHA256Digest
    }

    private let known = Mutex<[Pair: Bool]>([:])

    /// Signatures looked at so far.
    var checked: Int { known.withLock(\.count) }

    /// Whether one of these signed `crl`, those first that come first.
    func answer(_ crl: CRL, _ candidates: [Certificate]) -> Answer {
        var isExhausted = false
        for candidate in candidates where crl.isNamed(as: candidate) {
            switch verified(crl, candidate) {
            case true: return .signed
            case false: continue
            case nil: isExhausted = true
            }
        }
        return isExhausted ? .exhausted : .stranger
    }

    private func verified(_ crl: CRL, _ candidate: Certificate) -> Bool? {
        let pair = Pair(crl: crl.sha256, certificate: candidate.sha256)
        return known.withLock { known in
            if let answer = known[pair] { return answer }
            guard known.count < Self.limit else { return nil }
            let answer = crl.isSigned(by: candidate)
            known[pair] = answer
            return answer
        }
    }
}
