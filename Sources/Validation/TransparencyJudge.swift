import Certificates
import Checks
import PathBuilding
import Reports
import Transparency
import TrustStores

/// Holds paths against the certificate transparency policies of the stores' clients. Nothing is verified
/// unless a store with such a policy holds a public path.
struct TransparencyJudge {
    let question: Question
    /// Nil: nothing can be said, and the report lists it as not checked.
    let logs: CTLogList?
    let verifier: SCTVerifier
    let cache: CertificateCache

    /// Seconds from the list's date to the question; nil without a list. Never measured at `at`.
    var listAge: Int64? { logs.map { question.checkedAt - $0.published } }

    /// The paths with what each store's client finds.
    func judge(_ paths: [JudgedPath], for stores: [StoreJudge]) -> [JudgedPath] {
        // The rule is one for servers' certificates.
        guard let logs, let listAge, question.options.purpose == .server else { return paths }
        let asking = stores.compactMap { store in CTPolicy.of(store.store.client).map { (store, $0) } }
        guard !asking.isEmpty else { return paths }
        var found: [SCT]?
        var known: [SHA256Digest: JudgedSCTs] = [:]
        return paths.map { path in
            let holders = asking.filter { $0.0.holds(path) && path.storeFindings[$0.0.reference] == nil }
            guard !holders.isEmpty else { return path }
            var path = path
            guard path.hasPublicAnchor, path.certificates.count > 1 else {
                if !path.notApplicable.contains(.ctPolicy) { path.notApplicable.append(.ctPolicy) }
                return path
            }
            let (leaf, issuer) = (path.certificates[0], path.certificates[1])
            let scts = found ?? SCTList.all(
                of: leaf, tls: question.evidence.sctList, ocsp: question.evidence.stapledOCSP)
            found = scts
            let judged = known[issuer.spkiSHA256] ?? JudgedSCTs(
                leaf: leaf, issuer: issuer, scts: scts, logs: logs, at: question.at, verifier: verifier)
            known[issuer.spkiSHA256] = judged
            path.scts = judged
            for (store, policy) in holders {
                path.storeFindings[store.reference] = finding(
                    store.counted(judged, on: path).answer(policy, listAge: listAge), store, path)
            }
            if path.storeFindings.values.allSatisfy(\.isEmpty), !path.passed.contains(.ctPolicy) {
                path.passed.append(.ctPolicy)
            }
            return path
        }
    }

    private func finding(_ answer: JudgedSCTs.Answer, _ store: StoreJudge, _ path: JudgedPath) -> [Finding] {
        guard let failure = answer.failure else { return [] }
        let context = PathContext(
            path: path.path, at: question.at, names: question.options.names,
            purpose: question.options.purpose, profile: question.options.profile, cache: cache)
        var finding = Check.transparency.finding(failure, in: context)
        finding.store = store.store.name
        return [finding]
    }
}

extension Judgement {
    /// The SCTs on the paths that the stores use, and each client's answer; nil when none asked.
    func transparency(_ answers: [StoreAnswer]) -> TransparencyAnswer? {
        guard let listAge else { return nil }
        var out: TransparencyAnswer?
        for (store, answer) in zip(asked, answers) {
            guard let policy = CTPolicy.of(store.store.client), let index = answer.path,
                let judged = paths[index].scts
            else { continue }
            var known = out ?? TransparencyAnswer(scts: judged.stamps, clients: [])
            if !known.clients.contains(where: { $0.client == policy.client.text }) {
                known.clients.append(
                    store.counted(judged, on: paths[index]).answer(policy, listAge: listAge)
                        .forReport(policy))
            }
            out = known
        }
        return out
    }
}

extension StoreJudge {
    /// Without the SCTs that are later than the date from which Mozilla distrusts the anchor.
    func counted(_ scts: JudgedSCTs, on path: JudgedPath) -> JudgedSCTs {
        guard store.client == ClientName("firefox"), let anchor = path.path.anchor,
            let last = StoreConditions(store, anchor: anchor).distrustAfter
        else { return scts }
        return scts.upTo(last)
    }

    /// When only SCTs of a later time are lacking on the path: the first second at which they count.
    func firstSCTs(of path: JudgedPath) -> Instant? {
        guard let scts = path.scts, let policy = CTPolicy.of(store.client) else { return nil }
        return counted(scts, on: path).satisfiedFrom(policy)
    }
}

extension PathValidity {
    /// The same, but not before this instant of the end entity's SCTs; nil when nothing is left of it.
    func beginning(_ first: Instant?, _ path: JudgedPath) -> PathValidity? {
        guard let first, first > interval.lowerBound else { return self }
        guard first <= interval.upperBound else { return nil }
        return PathValidity(
            interval: first...interval.upperBound,
            begins: Edge(cause: .notYetValid, certificate: path.certificates[0].sha256), ends: ends)
    }
}
