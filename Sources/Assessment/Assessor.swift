import Certificates
import Egress
import Logging
import Probing
import Reports
import Retrieval
import TrustStores
import Validation

/// The loop from a request to a report: applies `store_rules`, collects evidence, fetches what is missing,
/// has it judged.
///
/// It reads no clock: `now` comes with each call, and the deadline of a check counts from the call.
package struct Assessor: Sendable {
    private let stores: CurrentStores
    /// What is loaded now.
    package var storeSet: StoreSet { stores.stores }
    let prober: Prober
    private let loop: FetchLoop

    private init(stores: CurrentStores, prober: Prober, retriever: Retriever) {
        (self.stores, self.prober, loop) = (stores, prober, FetchLoop(retriever: retriever))
    }

    package init(stores: CurrentStores, policy: EgressPolicy, logger: Logger) throws(AssessorUnavailable) {
        self.init(
            stores: stores, prober: try AssessorUnavailable.prober { () throws(ProberUnavailable) in
                try Prober.standard(policy: policy, logger: logger)
            },
            retriever: Retriever(policy: policy, logger: logger))
    }

    /// - Parameter allowsPrivate: what counts when the operator chose no base of the egress policy.
    package init(
        stores: CurrentStores, network: NetworkSettings, allowsPrivate: Bool, logger: Logger
    ) throws(AssessorUnavailable) {
        let policy = network.policy(allowsPrivate: allowsPrivate)
        self.init(
            stores: stores,
            prober: try AssessorUnavailable.prober { () throws(ProberUnavailable) in
                try Prober.standard(
                    policy: policy, limits: network.limits, access: network.access, logger: logger)
            },
            retriever: Retriever(
                policy: policy, limits: network.limits,
                folder: try AssessorUnavailable.folder(network.fetchCache), proxy: network.access.proxy,
                logger: logger))
    }

    /// Takes the client certificates and proxies of settings that were read again; nothing else of them.
    package func reload(_ network: NetworkSettings) { prober.access.replace(with: network.access) }

    /// Judges certificates that were posted. Nothing is fetched unless `aia` says so.
    ///
    /// Throws what is wrong with them, at the option's name; certificates that are not DER are no evidence
    /// but a request that cannot be answered.
    package func validate(
        _ request: ParsedRequest, given: Set<String> = [], now: Instant, id: String
    ) async throws(OptionErrors) -> Report {
        let place = ["pem", "der", "pkcs7"].first(where: given.contains) ?? ""
        var evidence = Evidence()
        do throws(Malformed) {
            guard let posted = request.posted else {
                throw Malformed(.optionMissing, "there are no certificates: give pem, der or pkcs7")
            }
            evidence.presented = try posted.decoded()
        } catch {
            throw OptionErrors([OptionError(error.code, at: place, error.detail)])
        }
        var asked = try asked(request, given: given, host: request.options.names.first?.text)
        try check(evidence.presented, as: "certificate", at: place)
        asked.options.aia = asked.options.aia ?? false
        let record = asked.record([evidence], target: nil, now: now, id: id)
        return asked.judge(await complete(record, asked, deadline: .now + FetchLoop.time))
    }

    /// Connects, collects and judges. Whatever the connection does, there is a report.
    package func check(
        _ request: ParsedRequest, given: Set<String> = [], now: Instant, id: String
    ) async throws(OptionErrors) -> Report {
        let checking = try Checking(self, request, given: given, now: now, id: id)
        await checking.collect()
        return checking.report
    }

    /// Names of the configuration must be there.
    func check(_ endpoint: Endpoint) throws(OptionErrors) {
        let access = prober.access.now
        if let name = endpoint.clientCertificate, !access.clientCertificates.contains(name) {
            throw OptionErrors([
                OptionError(
                    .unknownClientCertificate, at: "client_certificate",
                    "this service has no client certificate of the name \(name)")
            ])
        }
        if let name = endpoint.proxy, access.proxies[name] == nil {
            throw OptionErrors([
                OptionError(.unknownProxy, at: "proxy", "this service has no proxy of the name \(name)")
            ])
        }
    }

    /// With what was missing and could be fetched.
    func complete(
        _ record: EvidenceRecord, _ asked: Asked, deadline: ContinuousClock.Instant
    ) async -> EvidenceRecord {
        let question = Question(
            evidence: Evidence(), options: record.options, target: record.target, stores: asked.stores,
            at: record.at, checkedAt: record.checkedAt, id: record.id)
        let all = await loop.complete(
            record.members + record.variants.map(\.evidence), now: record.checkedAt, deadline: deadline
        ) { evidence in asked.validator.missing(question.about(evidence)) }
        var record = record
        record.members = Array(all.prefix(record.members.count))
        for (index, evidence) in all.dropFirst(record.members.count).enumerated() {
            record.variants[index].evidence = evidence
        }
        return record
    }

    /// Throws what is wrong with options whatever they are applied to.
    func check(_ options: Options) throws(OptionErrors) {
        _ = try asked(ParsedRequest(options: options), given: [], host: nil)
    }

    /// A request with its rule applied.
    struct Asked {
        var options: Options
        /// Resolved, in the order asked.
        var stores: [TrustStore] = []
        var storesFrom = StoresFrom.default
        let validator: Validator
        let rules: RuleVersions

        func record(_ members: [Evidence], target: Target?, now: Instant, id: String) -> EvidenceRecord {
            EvidenceRecord(
                id: id, checkedAt: now, at: options.at ?? now, target: target,
                stores: stores.map(\.reference), storesFrom: storesFrom, options: options, rules: rules,
                members: members)
        }

        func judge(_ record: EvidenceRecord, recorded: RuleVersions? = nil) -> Report {
            var report = validator.judge(record, stores: stores, recorded: recorded)
            // A record says nothing of what goes into the answer.
            report.includes = options.include
            return report
        }
    }

    /// Stores of the request, else of the first rule that matches, else the default.
    func asked(
        _ request: ParsedRequest, given: Set<String>, host: String?
    ) throws(OptionErrors) -> Asked {
        let snapshot = stores.snapshot
        var asked = Asked(
            options: request.options, validator: snapshot.validator, rules: snapshot.rules)
        for (name, certificates) in [
            ("anchors", request.options.anchors), ("intermediates", request.options.intermediates),
        ] {
            try check(certificates, as: "certificate of \(name)", at: name)
        }
        var names = snapshot.stores.defaultNames
        let rule = host.flatMap(stores.rules.firstMatch)
        if let given = request.options.stores {
            (names, asked.storesFrom) = (given, .request)
        } else if !request.options.anchors.isEmpty {
            // Without `stores` they alone count.
            (names, asked.storesFrom) = ([], .request)
        } else if let rule, let stores = rule.stores {
            (names, asked.storesFrom) = (stores, .rule(rule.match))
        }
        do throws(TrustStoreError) {
            asked.stores = try snapshot.stores.resolve(names)
        } catch {
            throw OptionErrors([OptionError(.unknownStore, at: "stores", error.detail)])
        }
        if let rule { apply(rule, to: &asked.options, given: given) }
        try check(request.options.clients, asked.stores, anchors: request.options.anchors)
        return asked
    }

    /// Clients must be known, and there must be a store to judge as them.
    private func check(
        _ clients: [String], _ asked: [TrustStore], anchors: [[UInt8]]
    ) throws(OptionErrors) {
        guard !clients.isEmpty else { return }
        let known = stores.snapshot.stores.clients
        if clients.contains(where: { known[ClientName($0)] == nil }) {
            let names = known.keys.map(\.text).sorted().joined(separator: ", ")
            throw OptionErrors([
                OptionError(.unknownClient, at: "clients", "no such client; known: \(names)")
            ])
        }
        guard anchors.isEmpty, !asked.contains(where: \.takesClients) else { return }
        throw OptionErrors([
            OptionError(
                .optionConflict, at: "clients",
                "clients are for anchors and for stores of your own, and none of them is asked")
        ])
    }

    /// What the request says itself is stronger than the rule.
    private func apply(_ rule: StoreRule, to options: inout Options, given: Set<String>) {
        if let profile = rule.profile, !given.contains("profile") {
            options.profile = profile == .webpki ? .webpki : .rfc5280
        }
        if !given.contains("warn"), let thresholds = Thresholds.parse(rule.warn) {
            options.warn = thresholds
        }
        if !given.contains("critical"), let thresholds = Thresholds.parse(rule.critical) {
            options.critical = thresholds
        }
    }

    private func check(_ certificates: [[UInt8]], as what: String, at place: String) throws(OptionErrors) {
        var errors: [OptionError] = []
        for (index, der) in certificates.enumerated() {
            do throws(CertificateError) {
                _ = try stores.cache.certificate(der: der)
            } catch {
                let malformed = Malformed(error)
                errors.append(OptionError(malformed.code, at: place, "\(what) \(index): \(malformed.detail)"))
                if errors.count == OptionErrors.limit { break }
            }
        }
        guard errors.isEmpty else { throw OptionErrors(errors) }
    }
}

extension Thresholds {
    /// The text of a rule's `warn` or `critical`; nil when absent or malformed.
    package static func parse(_ text: String?) -> [Threshold]? {
        guard let text else { return nil }
        let parts = text.split(separator: ",", omittingEmptySubsequences: false)
        let parsed = parts.compactMap { try? OptionValues.threshold(String($0)) }
        return parsed.count == parts.count ? parsed : nil
    }
}
