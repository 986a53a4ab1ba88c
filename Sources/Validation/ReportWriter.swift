import Certificates
import Checks
import PathBuilding
import Reports
import TrustStores

/// Puts a judgement into a report.
struct ReportWriter {
    let question: Question
    let chain: Chain

    private var presentation: Presentation { chain.presentation }

    func write(_ leaf: Certificate, _ judgement: Judgement) -> Report {
        var report = skeleton()
        report.leaf = leaf.sha256
        report.paths = judgement.paths.map { path($0, judgement) }
        if let nearMiss = judgement.nearMiss { report.paths = [path(nearMiss, judgement)] }
        report.stores = judgement.asked.map { answer($0, judgement) }
        report.verdict = Verdict(over: report.stores.map(\.trusted))
        report.conforms = conforms(report.stores, judgement)
        let timelines = judgement.asked.map {
            Timeline(
                store: $0, paths: judgement.paths,
                open: judgement.path(of: $0) == nil ? judgement.open : [],
                builder: judgement.builders[$0.reference], at: question.at,
                isExhausted: judgement.isExhausted)
        }
        report.breaks = BreakCalendar(timelines: timelines).breaks(after: question.at)
        for index in report.stores.indices where report.stores[index].trusted == true {
            report.stores[index].until = timelines[index].end(from: question.at)
                .flatMap { $0.until < .latest ? $0.until : nil }
        }
        report.firstBreak = timelines.firstBreak(at: question.at)
        if var first = report.firstBreak {
            first.address = question.target?.address
            report.firstBreak = first
        }
        let used = usedPaths(report.stores, judgement)
        let completeness = Completeness(question: question, chain: chain, judgement: judgement)
        report.presented = presented(judgement, completeness)
        report.transparency = judgement.transparency(report.stores)
        report.renewal = RenewalForecast(leaf: leaf, at: question.at, reissue: question.options.reissue)
            .forecast(judgement)
        report.findings =
            evidenceFindings()
            + completeness.findings(report.stores)
            + PresentationFindings(question: question, presentation: presentation, leaf: leaf)
            .findings(report.presented, best: used.first?.path)
            + pathFindings(used, judgement, report.stores)
            + ownFindings(report.stores, judgement)
            + storeFindings(report.stores, judgement)
            + RenewalForecast.findings(report.renewal)
        report.certificates = judgement.described(leaf, chain.presentation)
        report.checks = counts(used.first?.path, report.findings)
        report.thresholds = thresholds(leaf)
        report.notChecked = NotCheckedList(
            question: question, asked: judgement.asked, hasLogs: judgement.listAge != nil,
            lacksIssuer: judgement.open.contains { !$0.urls.isEmpty }
        ).items
        if question.options.include.contains(.trace) { report.trace = trace(judgement.search) }
        return finish(report)
    }

    /// No certificate at all: unreachable, or refused by the egress policy.
    func withoutChain() -> Report {
        var report = skeleton()
        report.findings = evidenceFindings()
        if question.evidence.failure == nil, report.findings.isEmpty {
            report.findings = [
                finding(.netHandshake, .noCertificate, severity: .error, reference: .rfc(8446, "4.4.2"))
            ]
        }
        report.verdict =
            question.evidence.failure?.check == .netEgress
            ? .indeterminate : presentation.undecodable.isEmpty ? .unreachable : .untrusted
        report.stores = question.stores.map {
            StoreAnswer(
                name: $0.name, version: $0.version, published: $0.published, trusted: nil,
                basis: Basis(rawValue: $0.basis.rawValue) ?? .membership,
                completes: Completes(rawValue: $0.completes.rawValue) ?? .none)
        }
        if !presentation.undecodable.isEmpty {
            for index in report.stores.indices {
                report.stores[index].trusted = false
                report.stores[index].reasons = [
                    .init(check: .inputCertificate, reason: .certificateUndecodable)
                ]
            }
        }
        report.notChecked = [
            NotChecked(check: "path", reason: "no_certificate", message: "the chain (none was seen)")
        ]
        return finish(report)
    }

    private func skeleton() -> Report {
        var report = Report(
            id: question.id, checkedAt: question.checkedAt, at: question.at, verdict: .indeterminate,
            state: .unknown,
            summary: "")
        report.target = question.target
        report.names = question.options.names
        report.storesFrom = question.storesFrom
        report.handshake = question.evidence.handshake
        report.includes = question.options.include
        return report
    }

    private func finish(_ unfinished: Report) -> Report {
        var report = unfinished
        report.state = StateRule.state(of: report)
        report.summary = Summary.sentence(of: report)
        return report
    }

    private func thresholds(_ leaf: Certificate) -> Thresholds {
        Thresholds(
            warnSeconds: question.options.warn.seconds(lifetime: leaf.lifetime),
            criticalSeconds: question.options.critical.seconds(lifetime: leaf.lifetime))
    }

    // MARK: stores and paths

    private func answer(_ store: StoreJudge, _ judgement: Judgement) -> StoreAnswer {
        var answer = StoreAnswer(
            name: store.store.name, version: store.store.version, published: store.store.published,
            trusted: false,
            basis: Basis(rawValue: store.store.basis.rawValue) ?? .membership,
            completes: Completes(rawValue: store.store.completes.rawValue) ?? .none)
        if let (index, trusted) = judgement.path(of: store) {
            answer.trusted = trusted
            answer.path = index
            if trusted != true { answer.reasons = reasons(store, judgement.paths[index], index) }
        } else if let nearMiss = judgement.nearMiss {
            answer.reasons = reasons(store, nearMiss, 0)
        }
        if let (end, reason) = judgement.openEnd(of: store) {
            answer.trusted = nil
            let top = end.certificates.last?.sha256
            answer.reasons = [StoreReason(check: .chainComplete, reason: reason, certificate: top)]
        } else if answer.path == nil, store.store.completes == .nothing,
            let known = judgement.open.compactMap(\.knownIssuer).first
        {
            // To others it is an anchor; this client wants it sent.
            answer.reasons.append(
                StoreReason(check: .chainComplete, reason: .issuerNotSent, certificate: known.sha256))
        }
        if answer.path == nil, answer.reasons.isEmpty {
            answer.reasons = [StoreReason(check: .anchorFound, reason: .anchorAbsent)]
        }
        if answer.trusted == false,
            judgement.paths.contains(where: { store.mayHold($0) && store.trusts($0) != false })
        {
            answer.trusted = nil
            answer.reasons.append(StoreReason(check: .anchorStoreStale, reason: .storeStale))
        }
        if judgement.isExhausted, answer.trusted != true {
            // What was not looked at may hold a good path.
            answer.trusted = nil
            answer.reasons += judgement.search.reasons.map { StoreReason(check: .pathBudget, reason: $0) }
        }
        return answer
    }

    private func reasons(_ store: StoreJudge, _ path: JudgedPath, _ index: Int) -> [StoreReason] {
        store.findings(of: path).filter { store.weight(of: $0, on: path) != .ignored }.map {
            StoreReason(check: $0.check, reason: $0.reason, certificate: $0.certificate, path: index)
        }
    }

    private func conforms(_ answers: [StoreAnswer], _ judgement: Judgement) -> Bool? {
        let trusting = answers.filter { $0.trusted == true }.compactMap(\.path)
        return trusting.isEmpty ? nil : Set(trusting).allSatisfy { judgement.paths[$0].conforms }
    }

    private func path(_ judged: JudgedPath, _ judgement: Judgement) -> Path {
        let interval = judged.interval
        var path = Path(
            certificates: judged.certificates.map(\.sha256), anchor: judged.path.anchor?.sha256,
            stores: judgement.asked.filter { $0.holds(judged) }.map(\.store.name), valid: judged.isValid,
            from: interval?.lowerBound, until: interval?.upperBound, findings: judged.findings)
        path.notSent = judged.fetched.map(\.sha256)
        return path
    }

    /// The paths that the stores asked for use, or the near miss; each with its index.
    private func usedPaths(_ answers: [StoreAnswer], _ judgement: Judgement) -> [(
        index: Int, path: JudgedPath
    )] {
        if let nearMiss = judgement.nearMiss { return [(0, nearMiss)] }
        var used: [Int] = []
        for index in answers.compactMap(\.path) where !used.contains(index) { used.append(index) }
        // No store asked for holds an anchor of any path: show the best there is.
        if used.isEmpty, !judgement.paths.isEmpty { used = [0] }
        return used.map { ($0, judgement.paths[$0]) }
    }

    // MARK: findings

    private func pathFindings(
        _ used: [(index: Int, path: JudgedPath)], _ judgement: Judgement, _ answers: [StoreAnswer]
    ) -> [Finding] {
        var out: [Finding] = []
        // Where an issuer is missing and no store can say what that means, nothing has failed yet.
        let isOpen = answers.contains { $0.trusted == nil } && !answers.contains { $0.trusted == false }
        for (index, path) in used {
            let holders = judgement.asked.filter { $0.holds(path) }
            for var finding in path.findings {
                finding.path = index
                // What the clients of all stores concerned tolerate remains a fact and alarms nobody.
                if finding.kind == .path || finding.kind == .client, !holders.isEmpty,
                    holders.allSatisfy({ $0.weight(of: finding, on: path) == .ignored })
                {
                    finding.severity = .info
                }
                if isOpen, [.issuerAbsent, .issuerFoundUntrusted].contains(finding.reason) {
                    finding.status = .notEstablished
                    finding.severity = .info
                }
                let known = out.contains {
                    $0.check == finding.check && $0.reason == finding.reason
                        && $0.certificate == finding.certificate
                        // One name may break the constraints of several issuers.
                        && ($0.check != .pathNameConstraints || $0.expected == finding.expected)
                }
                if !known { out.append(finding) }
            }
        }
        return out
    }

    /// What single stores' clients find on the path that they use.
    private func ownFindings(_ answers: [StoreAnswer], _ judgement: Judgement) -> [Finding] {
        zip(judgement.asked, answers).flatMap { store, answer -> [Finding] in
            guard let index = answer.path else { return [] }
            let path = judgement.paths[index]
            // Of an issuer that is not sent chain.complete tells once, for all.
            return store.ownFindings(of: path).filter { $0.check != .chainComplete }.map { own in
                var finding = own
                finding.path = index
                return finding
            }
        }
    }

    /// What concerns the stores and no single path.
    private func storeFindings(_ answers: [StoreAnswer], _ judgement: Judgement) -> [Finding] {
        var out: [Finding] = []
        if answers.isEmpty {
            var none = finding(.inputStores, .noStore, severity: .info, reference: .catenary("stores"))
            none.status = .notEstablished
            out.append(none)
        }
        for bound in judgement.search.reasons {
            var hit = finding(.pathBudget, bound, severity: .info, reference: .catenary("limits"))
            hit.status = .notEstablished
            hit.kind = .path
            out.append(hit)
        }
        out += staleLists(judgement)
        let refused = answers.filter { $0.trusted == false }
        let anchorless = refused.filter { answer in
            answer.path == nil && !answer.reasons.contains { $0.reason == .issuerNotSent }
        }
        if !judgement.paths.isEmpty, let first = anchorless.first {
            var absent = finding(
                .anchorFound, .anchorAbsent, severity: .error, reference: .rfc(5280, "6.1.1(d)"))
            absent.kind = .path
            absent.store = first.name
            absent.expected =
                "an anchor of \(anchorless.map(\.name).joined(separator: ", "))"
            absent.presented = judgement.paths[0].path.anchor?.subject.text
            out.append(absent)
        }
        guard !refused.isEmpty else { return out }
        let willing = judgement.others.filter { judgement.path(of: $0)?.trusted == true }.map(\.store.name)
        if !willing.isEmpty {
            var elsewhere = finding(
                .anchorOtherStore, .trustedElsewhere, severity: .info, reference: .catenary("stores"))
            elsewhere.kind = .client
            elsewhere.expected = refused.map(\.name).joined(separator: ", ")
            elsewhere.presented = willing.joined(separator: ", ")
            elsewhere.fix = Fix(.checkRequest, "ask with stores=\(willing.joined(separator: ","))")
            out.append(elsewhere)
        }
        return out
    }

    /// What the connection itself says, and what could not be decoded.
    private func evidenceFindings() -> [Finding] {
        var out: [Finding] = []
        if let failure = question.evidence.failure {
            var failed = finding(
                failure.check, failure.reason, severity: .error, reference: .catenary("probing"))
            if failure.check == .netEgress {
                failed.status = .notEstablished
                failed.severity = .info
            }
            failed.presented = failure.presented
            failed.address = failure.address
            if let said = failure.presented { failed.message += " (\(said))" }
            out.append(failed)
        }
        for (position, error) in presentation.undecodable {
            var bad = finding(
                .inputCertificate, .certificateUndecodable, severity: position == 0 ? .error : .warning,
                reference: .rfc(5280, "4.1"))
            bad.presented =
                "certificate \(position + 1) of \(question.evidence.presented.count): \(error.text)"
            bad.message += " (\(bad.presented ?? ""))"
            out.append(bad)
        }
        return out
    }

    func finding(_ check: CheckID, _ reason: Reason, severity: Severity, reference: Reference)
        -> Finding
    {
        let text = ReasonText.of(reason)
        return Finding(
            check: check, kind: .presentation, reason: reason, severity: severity,
            message: text.message("", expected: nil, presented: nil), reference: reference.description,
            fix: text.fix)
    }

    // MARK: the rest

    private func presented(_ judgement: Judgement, _ completeness: Completeness) -> Presented {
        let ends = judgement.paths.map(\.path) + judgement.search.deadEnds
        let best = judgement.paths.first?.path ?? judgement.nearMiss?.path
        var out = Presented(
            certificates: presentation.certificates.map(\.sha256), complete: completeness.isComplete,
            inOrder: presentation.isInOrder(best), anchorSent: !presentation.anchorsSent.isEmpty)
        out.duplicates = presentation.duplicates.map(\.sha256)
        out.unrelated = presentation.unrelated(to: ends).map(\.sha256)
        out.missing = completeness.missing
        return out
    }

    private func counts(_ best: JudgedPath?, _ findings: [Finding]) -> CheckCounts {
        var counts = CheckCounts()
        guard let best else { return counts }
        // A budget that the search hit is found outside the path.
        let found = Set(findings.map(\.check))
        let passed = best.passed.filter { !found.contains($0) }
        counts.passed = passed.count
        counts.notApplicable = best.notApplicable.count
        guard question.options.include.contains(.checks) else { return counts }
        counts.list =
            passed.map { CheckOutcome(check: $0, status: .passed) }
            + best.notEstablished.map {
                CheckOutcome(check: $0, status: .notEstablished, reason: .notEstablished)
            }
            + best.notApplicable.map { CheckOutcome(check: $0, status: .notApplicable) }
            + findings.map { CheckOutcome(check: $0.check, status: $0.status, reason: $0.reason) }
        return counts
    }

    private func trace(_ search: SearchResult) -> [String] {
        search.pruned.map { "\($0.cause.rawValue) \($0.subject.hex) <- \($0.issuer.hex)" }
            + ["steps \(search.steps)", "signatures \(search.signatures)"]
    }
}

extension SearchResult {
    /// The bounds that were hit, as reasons, in a fixed order.
    var reasons: [Reason] {
        SearchBudget.Bound.allCases.filter(exhausted.contains).map {
            switch $0 {
            case .steps: .stepsExhausted
            case .signatures: .signaturesExhausted
            case .paths: .pathsExhausted
            case .depth: .depthExhausted
            case .certificates: .certificatesExhausted
            case .nameComparisons: .nameConstraintsExhausted
            }
        }
    }
}

extension CertificateError {
    package var text: String {
        switch self {
        case .malformed(let offset): "not DER from offset \(offset) on"
        case .trailingBytes(let offset): "something follows it at offset \(offset)"
        case .refused: "libcrypto cannot decode it"
        case .tooLarge(let size): "\(size) bytes are more than \(Certificate.sizeLimit)"
        }
    }
}
