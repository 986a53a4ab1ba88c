import Certificates
import Checks
import Reports
import TrustStores

/// How a store's client completes a chain: it explains and repairs, it does not forgive.
extension StoreJudge {
    /// Against a path with an issuer that was fetched and not sent: nothing for a client that fetches itself;
    /// a refusal by one that takes what it is sent; for one that has intermediates preloaded it is not known,
    /// but none of them is issued below an anchor that is not public.
    func completion(of path: JudgedPath) -> Finding? {
        guard let first = path.fetched.first, store.completes != .aia else { return nil }
        let isUnknown = store.completes == .preload && path.hasPublicAnchor
        return completion(isUnknown ? .preloadUnknown : .issuerNotSent, first)
    }

    private func completion(_ reason: Reason, _ certificate: Certificate) -> Finding {
        let text = ReasonText.of(reason)
        var finding = Finding(
            check: .chainComplete, kind: .client,
            status: reason == .issuerNotSent ? .failed : .notEstablished,
            reason: reason, severity: reason == .issuerNotSent ? .error : .info,
            message: text.message(certificate.subject.display, expected: nil, presented: nil),
            certificate: certificate.sha256, place: .intermediate,
            reference: Reference.rfc(8446, "4.4.2").description, fix: text.fix)
        finding.store = store.name
        return finding
    }

    /// Why this store's answer is open where an issuer is missing: its client would fetch it, and it was not;
    /// or it may have it preloaded. Nil when neither is so.
    private func openness(_ end: OpenPath) -> Reason? {
        switch store.completes {
        case .aia: end.urls.isEmpty ? nil : .issuerNotFetched
        case .preload: holdsPublicAnchors ? .preloadUnknown : nil
        case .nothing: nil
        }
    }

    /// Preloaded intermediates are all issued below such anchors.
    private var holdsPublicAnchors: Bool { store.origin == .shipped }

    /// Whether nothing but the missing issuer stands against this unfinished path, time aside where told.
    func isOpen(_ end: OpenPath, butForTime: Bool = false) -> Reason? {
        guard let reason = openness(end) else { return nil }
        let others = findings(of: end.path).filter {
            ![.issuerAbsent, .issuerFoundUntrusted].contains($0.reason) && $0.check != .chainComplete
                && !(butForTime && StoreJudge.isTime($0))
        }
        return others.allSatisfy { weight(of: $0, on: end.path) != .refused } ? reason : nil
    }

    /// As if the certificates of the path were sent and nothing else.
    func trustsWhenSent(_ path: JudgedPath) -> Bool? {
        guard !path.fetched.isEmpty else { return trustsIfFound(path) }
        var sent = path
        sent.fetched = []
        return trustsIfFound(sent)
    }
}

/// A judged path that ends where an issuer is missing.
struct OpenPath: Sendable {
    let path: JudgedPath
    let urls: [String]
    let knownIssuer: Certificate?
}
