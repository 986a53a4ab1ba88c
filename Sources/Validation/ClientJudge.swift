import Certificates
import Checks
import PathBuilding
import Reports

/// What depends on the client of a store and not on its list: rules that only some clients have, looked for
/// only where the data of a client asked for names them, and builders that miss a good path.
struct ClientJudge {
    let question: Question
    let cache: CertificateCache
    /// In the order sent, end entity included.
    let sent: [Certificate]

    func judge(_ paths: [JudgedPath], for stores: [StoreJudge]) -> [JudgedPath] {
        paths.map { path in
            let wanted = stores.filter { $0.holds(path) }.reduce(into: Set<Reason>()) {
                $0.formUnion($1.reasons)
            }.subtracting(path.lookedFor)
            guard !wanted.isEmpty else { return path }
            var path = path
            var context = PathContext(
                path: path.path, at: question.at, names: question.options.names,
                purpose: question.options.purpose, profile: question.options.profile, cache: cache)
            context.isPublic = path.hasPublicAnchor
            path.clientFindings += ClientChecks.findings(context, wanted: wanted)
            if wanted.contains(.outOfOrder), !isSentAsOnePath(path) {
                path.clientFindings.append(outOfOrder)
            }
            path.lookedFor.formUnion(wanted)
            return path
        }
    }

    /// The path and nothing else, in its order; the anchor may stand at its end.
    private func isSentAsOnePath(_ path: JudgedPath) -> Bool {
        sent == path.certificates || sent == Array(path.certificates.dropLast())
    }

    private var outOfOrder: Finding {
        let text = ReasonText.of(.outOfOrder)
        return Finding(
            check: .chainOrder, kind: .client, reason: .outOfOrder, severity: .info,
            message: text.message("", expected: nil, presented: nil),
            reference: Reference.rfc(8446, "4.4.2").description, fix: text.fix)
    }

    // MARK: builders

    /// By the store's reference, of those whose client may miss a path.
    func builders(for stores: [StoreJudge]) -> [String: ClientBuilder] {
        var out: [String: ClientBuilder] = [:]
        for store in stores { out[store.reference] = ClientBuilder(store: store, sent: sent) }
        return out
    }

    /// Where a store's client has a builder that does not go back, the paths that it does not find are none
    /// to it, good as they are.
    func building(
        _ paths: [JudgedPath], for stores: [StoreJudge], _ builders: [String: ClientBuilder]
    ) -> [JudgedPath] {
        var paths = paths
        for store in stores {
            guard let builder = builders[store.reference] else { continue }
            let answers = paths.map { store.holds($0) ? store.trusts($0) : false }
            guard let good = answers.firstIndex(of: true) ?? answers.firstIndex(of: nil) else { continue }
            let built = builder.path(at: question.at)
            let taken = paths.firstIndex { store.holds($0) && $0.certificates == built }
            if let taken, answers[taken] == true || good == taken && !answers.contains(true) { continue }
            var missed = self.missed(paths[good], built, store)
            if builder.isModel { (missed.status, missed.severity) = (.notEstablished, .info) }
            for index in paths.indices where index != taken && store.holds(paths[index]) {
                paths[index].missed[store.reference] = missed
            }
        }
        return paths
    }

    private func missed(_ good: JudgedPath, _ built: [Certificate], _ store: StoreJudge) -> Finding {
        let astray = built.first { !good.certificates.contains($0) } ?? built.last ?? good.path.leaf
        let text = ReasonText.of(.goodPathMissed)
        let (expected, presented) = (Self.names(good.certificates), Self.names(built))
        var finding = Finding(
            check: .clientPathBuilding, kind: .client, reason: .goodPathMissed, severity: .error,
            message: text.message(astray.subject.display, expected: expected, presented: presented),
            certificate: astray.sha256, place: .intermediate, expected: expected, presented: presented,
            reference: Reference.rfc(4158, "2.4").description, fix: text.fix)
        finding.store = store.store.name
        return finding
    }

    private static func names(_ certificates: [Certificate]) -> String {
        certificates.map { "“\($0.subject.display)” by “\($0.issuer.display)”" }.joined(separator: ", ")
    }
}
