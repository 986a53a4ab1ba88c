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
        let asking = stores.compactMap { store in store.policy.map { (store, $0) } }
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
            if path.scts == nil {
                path.scts = judged
                path.phases = judged.changes.map { instant in
                    var phase = path
                    (phase.at, phase.scts) = (instant, judged.moved(to: instant))
                    return phase
                }
            }
            find(for: holders, on: &path, listAge)
            for index in path.phases.indices { find(for: holders, on: &path.phases[index], listAge) }
            if path.storeFindings.values.allSatisfy(\.isEmpty), !path.passed.contains(.ctPolicy) {
                path.passed.append(.ctPolicy)
            }
            return path
        }
    }

    private func find(
        for holders: [(store: StoreJudge, policy: CTPolicy)], on path: inout JudgedPath, _ listAge: Int64
    ) {
        guard let scts = path.scts else { return }
        for (store, policy) in holders {
            path.storeFindings[store.reference] = finding(
                store.counted(scts, on: path).answer(policy, listAge: listAge), store, path)
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
            guard let policy = store.policy, let index = answer.path,
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
        guard store.client == ClientName("firefox"),
            let last = conditions(on: path)?.distrustAfter
        else { return scts }
        return scts.upTo(last)
    }

    /// What the client says of the path but for dates, from phase to phase; neighbours of one answer are one.
    func answers(_ path: JudgedPath, within validity: PathValidity) -> [(answer: Bool?, part: PathValidity)] {
        if path.phases.isEmpty { return [(trustsButForDates(path), validity)] }
        var out: [(answer: Bool?, part: PathValidity)] = []
        let phases = [path] + path.phases
        for (index, phase) in phases.enumerated() {
            let answer = trustsButForDates(phase)
            let from = index == 0 ? .earliest : phase.at
            let until = index + 1 < phases.count ? phases[index + 1].at + -1 : .latest
            guard let part = validity.part(from, until, path) else { continue }
            if let last = out.last, last.answer == answer {
                out[out.count - 1].part = PathValidity(
                    interval: last.part.interval.lowerBound...part.interval.upperBound,
                    begins: last.part.begins, ends: part.ends)
            } else {
                out.append((answer, part))
            }
        }
        return out
    }
}

extension PathValidity {
    /// What of it lies between two instants that the end entity's SCTs set; nil when nothing does. It begins
    /// as a certificate does that is not yet valid; what ends is what the client accepts of the anchor.
    fileprivate func part(_ from: Instant, _ until: Instant, _ path: JudgedPath) -> PathValidity? {
        let (first, last) = (max(from, interval.lowerBound), min(until, interval.upperBound))
        guard first <= last else { return nil }
        let top = path.certificates.count - 1
        return PathValidity(
            interval: first...last,
            begins: from > interval.lowerBound
                ? Edge(cause: .notYetValid, certificate: path.certificates[0].sha256) : begins,
            ends: until < interval.upperBound
                ? Edge(cause: .anchorDistrusted, certificate: path.certificates[top].sha256) : ends)
    }
}
