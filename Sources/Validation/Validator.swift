import Certificates
import Checks
import PathBuilding
import Reports
import Revocation
import Transparency
import TrustStores

/// One question: evidence, what was asked of it, and when. Nothing below reads a clock.
package struct Question: Sendable {
    package var evidence: Evidence
    package var options: Options
    /// Where the evidence comes from; nil for posted input.
    package var target: Target?
    /// The stores asked for, resolved, in order. `options.anchors` adds the store `request`.
    package var stores: [TrustStore]
    package var storesFrom: StoresFrom
    /// The instant to judge for, and when the question was asked.
    package var at: Instant
    package var checkedAt: Instant
    /// Sortable and unique; the report bears it.
    package var id: String

    package init(
        evidence: Evidence, options: Options, target: Target? = nil, stores: [TrustStore],
        storesFrom: StoresFrom = .default, at: Instant, checkedAt: Instant, id: String
    ) {
        (self.evidence, self.options, self.target, self.stores) = (evidence, options, target, stores)
        (self.storesFrom, self.at, self.checkedAt, self.id) = (storesFrom, at, checkedAt, id)
    }
}

/// Evidence + stores + time → Report. Pure, synchronous, safe to call from any thread.
package struct Validator: Sendable {
    package let stores: StoreSet
    package let cache: CertificateCache
    package let budget: SearchBudget
    private let caPaths: CAPathCache?
    private let verifier = SCTVerifier()
    private let anchors: IssuerIndex
    private let judges: [String: StoreJudge]
    /// Of the newest version of each list.
    private let newest: [StoreJudge]

    /// `cache` may be shared with other validators: it holds nothing that depends on stores.
    /// `caPaths` nil: every path takes the full road through libcrypto.
    package init(
        stores: StoreSet, cache: CertificateCache, budget: SearchBudget = SearchBudget(),
        caPaths: CAPathCache? = CAPathCache()
    ) {
        self.caPaths = caPaths
        (self.stores, self.cache, self.budget) = (stores, cache, budget)
        anchors = IssuerIndex(stores.anchors)
        let judges = Dictionary(
            stores.all.map { ($0.reference, StoreJudge(
                store: $0, client: stores.clients[$0.client], blocks: stores.blocks(for: $0.client))) },
            uniquingKeysWith: { first, _ in first })
        newest = stores.newest.compactMap { judges[$0.reference] }
        self.judges = judges
    }

    package func judge(_ question: Question) -> Report {
        var report = answer(question)
        if report.verdict == .untrusted {
            report.nearMiss = NearMissFinder(validator: self, question: question, report: report).find()
        }
        return report
    }

    func answer(_ question: Question) -> Report {
        let chain = Chain(question, cache: cache)
        let presentation = chain.presentation
        guard let leaf = chain.leaf else {
            return ReportWriter(question: question, chain: chain).withoutChain()
        }
        let search = search(chain, from: leaf, at: question.at)
        // The end entity stands first for whoever builds; posted input has any order.
        let sent = [leaf] + chain.sent.filter { $0 != leaf }
        let revocation = RevocationFindings(
            crls: question.options.crls.compactMap { try? CRL(der: $0) },
            pool: chain.sent + chain.fetched.certificates,
            mode: question.options.revocation)
        let judge = PathJudge(
            options: question.options, at: question.at, cache: cache, budget: budget, caPaths: caPaths,
            revocation: revocation,
            isPublic: { [stores] in stores.isPublic($0) })
        func judged(_ path: CandidatePath) -> JudgedPath {
            var judged = judge.judge(path)
            judged.fetched = chain.fetched.among(path.belowAnchor.map { path.certificates[$0] })
            return judged
        }
        var paths = rank(search.paths.map(judged))
        let deadEnds = search.deadEnds.map(judged)
        let asked = self.asked(question, posted: chain.posted)
        let transparency = TransparencyJudge(
            question: question, logs: stores.logs, verifier: verifier, cache: cache)
        let clients = ClientJudge(question: question, cache: cache, sent: sent)
        let builders = clients.builders(for: asked)
        paths = clients.building(
            Self.conditions(transparency.judge(clients.judge(paths, for: asked), for: asked), for: asked),
            for: asked, builders)
        var judgement = Judgement(
            search: search, paths: paths, nearMiss: paths.isEmpty ? nearMiss(deadEnds) : nil, asked: asked,
            builders: builders, at: question.at, listAge: transparency.listAge)
        if asked.contains(where: { judgement.path(of: $0) == nil }) {
            let missing = missingIssuers(chain, of: leaf)
            judgement.isCut = missing.isCut
            judgement.open = missing.openEnds.map {
                OpenPath(path: judged($0.path), urls: $0.urls, knownIssuer: $0.knownIssuer)
            }
        }
        // Other stores are only named when one of those asked for refuses.
        if asked.contains(where: { judgement.path(of: $0)?.trusted != true }) {
            let others = newest.filter { other in
                !asked.contains { $0.store.listName == other.store.name }
            }
            judgement.others = others
            paths = clients.judge(paths, for: others)
            judgement.paths = clients.building(
                Self.conditions(transparency.judge(paths, for: others), for: asked + others), for: others,
                clients.builders(for: others))
        }
        var report = ReportWriter(question: question, chain: chain).write(leaf, judgement)
        if question.options.include.contains(.bundle) {
            report.bundle = bundle(
                question, judgement, leaf: leaf, sent: presentation.certificates, stores: report.stores)
        }
        return report
    }

    /// After transparency: conditions look at SCTs.
    private static func conditions(_ paths: [JudgedPath], for stores: [StoreJudge]) -> [JudgedPath] {
        paths.map { path in
            var path = path
            path.phases = conditions(path.phases, for: stores)
            for store in stores where path.conditionFindings[store.reference] == nil {
                path.conditionFindings[store.reference] = store.conditionFindings(path)
            }
            return path
        }
    }

    /// The stores asked for; `request` and operators' own once for each of `clients`.
    func asked(_ question: Question, posted: [Certificate]) -> [StoreJudge] {
        var seen: Set<String> = []
        let clients = question.options.clients.filter { seen.insert($0).inserted }.compactMap {
            stores.clients[ClientName($0)]
        }
        let all = question.stores + (posted.isEmpty ? [] : [stores.request(anchors: posted)])
        return all.flatMap { store -> [StoreJudge] in
            guard !clients.isEmpty, store.takesClients else {
                return [storeJudge(store, at: question.checkedAt)]
            }
            return clients.map { client in
                StoreJudge(
                    store: store.judged(as: client), client: client, blocks: stores.blocks(for: client.name))
            }
        }
    }

    private func storeJudge(_ store: TrustStore) -> StoreJudge {
        guard let judge = judges[store.reference] else {
            return StoreJudge(
                store: store, client: stores.clients[store.client], blocks: stores.blocks(for: store.client))
        }
        // The name under which it answers is the request's.
        return judge.store.name == store.name ? judge : StoreJudge(judge, store: store, fresh: [])
    }

    /// With the fresh lists where the store's own is stale. An older version that was asked for by name is
    /// exactly what it is.
    private func storeJudge(_ store: TrustStore, at now: Instant) -> StoreJudge {
        let judge = storeJudge(store)
        guard store.isStale(at: now), newest.contains(where: { $0.reference == store.reference })
        else { return judge }
        let fresh = newest.filter { $0.store.origin == .shipped && !$0.store.isStale(at: now) }
        return StoreJudge(judge, store: store, fresh: fresh)
    }

    func search(_ chain: Chain, from leaf: Certificate, at: Instant) -> SearchResult {
        PathBuilder(
            anchors: sources(chain), pool: chain.pool(without: leaf), cache: cache, at: at, budget: budget
        ).search(from: leaf)
    }

    /// All anchors there are for a question.
    func sources(_ chain: Chain) -> [IssuerIndex] {
        chain.posted.isEmpty ? [anchors] : [anchors, IssuerIndex(chain.posted)]
    }

    /// Valid, then conforming, then fewest not sent, fewest certificates, latest end, hash of the anchor.
    private func rank(_ paths: [JudgedPath]) -> [JudgedPath] {
        guard paths.count > 1 else { return paths }
        return paths.sorted { a, b in
            if a.isValid != b.isValid { return a.isValid }
            if a.conforms != b.conforms { return a.conforms }
            if a.fetched.count != b.fetched.count { return a.fetched.count < b.fetched.count }
            if a.certificates.count != b.certificates.count {
                return a.certificates.count < b.certificates.count
            }
            let (endA, endB) = (a.interval?.upperBound ?? .earliest, b.interval?.upperBound ?? .earliest)
            if endA != endB { return endA > endB }
            return a.certificates.map(\.sha256).lexicographicallyPrecedes(b.certificates.map(\.sha256))
        }
    }

    /// Of paths that reach no anchor the one with the fewest errors, then the longest, which says most; then
    /// by hash, so that the order of the input does not matter.
    private func nearMiss(_ paths: [JudgedPath]) -> JudgedPath? {
        func errors(_ path: JudgedPath) -> Int { path.findings.count { $0.kind == .path } }
        return paths.min { a, b in
            let (x, y) = ((errors(a), -a.certificates.count), (errors(b), -b.certificates.count))
            if x != y { return x < y }
            return a.certificates.map(\.sha256).lexicographicallyPrecedes(b.certificates.map(\.sha256))
        }
    }
}

/// Everything that was found out, before it is put into words.
struct Judgement: Sendable {
    let search: SearchResult
    /// Best first.
    var paths: [JudgedPath]
    /// When no path reaches an anchor: the best that there is.
    let nearMiss: JudgedPath?
    let asked: [StoreJudge]
    /// Loaded and not asked; looked at when one of those asked does not trust the chain.
    var others: [StoreJudge] = []
    /// Of the stores asked for whose client may miss a path, by reference.
    let builders: [String: ClientBuilder]
    let at: Instant
    /// Seconds since the transparency logs' list was published; nil when none is loaded.
    let listAge: Int64?
    /// Where an issuer is missing; sought only when a store asked for holds no path.
    var open: [OpenPath] = []
    /// More issuers could be asked for than may be.
    var isCut = false

    /// For a store that holds no path: where its answer is open, and why.
    func openEnd(of store: StoreJudge) -> (path: JudgedPath, reason: Reason)? {
        guard !open.isEmpty, path(of: store) == nil else { return nil }
        for end in open {
            if let reason = store.isOpen(end) { return (end.path, reason) }
        }
        return nil
    }

    /// The store's path: the first that it trusts, else the first that nobody knows, else the first that ends
    /// at one of its anchors.
    func path(of store: StoreJudge) -> (index: Int, trusted: Bool?)? {
        var unknown: Int?
        var refused: Int?
        for index in paths.indices where store.holds(paths[index]) {
            switch store.trusts(paths[index]) {
            case true?: return (index, true)
            case nil: unknown = unknown ?? index
            case false?: refused = refused ?? index
            }
        }
        return unknown.map { ($0, nil) } ?? refused.map { ($0, false) }
    }

    /// A budget ended the search: what was not looked at may hold a good path.
    var isExhausted: Bool { !search.exhausted.isEmpty }
}
