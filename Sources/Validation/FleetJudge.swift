import Certificates
import Checks
import Reports

extension Validator {
    /// Judges every distinct presentation of a name by itself and puts the answers side by side: never a
    /// union. The report is that of the worst, with the state, the verdict and the first break over all.
    ///
    /// - Parameters:
    ///   - question: as for one address; its evidence is not looked at.
    ///   - members: one for each handshake tried; never empty.
    package func judge(_ question: Question, fleet members: [Evidence]) -> Report {
        let sorted = FleetMembers(members)
        let failed = sorted.failed.map { member in
            Fleet.Failed(
                address: member.address ?? "", check: member.failure?.check ?? .netHandshake,
                reason: sorted.reason(of: member))
        }
        var judged = sorted.presentations.map { presentation in
            FleetReport(
                addresses: presentation.addresses, seen: presentation.seen,
                report: judge(question.about(presentation.evidence)))
        }
        judged.sort { $0.isWorse(than: $1) }
        guard let worst = judged.first else {
            // Of addresses that the policy refuses and others that failed, the latter say more.
            let first = sorted.failed.first { $0.failure?.check != .netEgress } ?? sorted.failed.first
            var report = judge(question.about(first ?? Evidence()))
            report.fleet = Fleet(groups: [], failed: failed)
            report.findings += findings(of: sorted.failed.filter { $0 != first }, sorted)
            return report
        }
        var report = worst.report
        report.fleet = Fleet(
            groups: judged.map { .init(addresses: $0.addresses, seen: $0.seen, report: $0.report) },
            failed: failed)
        for index in report.findings.indices where report.findings[index].address == nil {
            report.findings[index].address = worst.addresses.first
        }
        var further = findings(of: sorted.failed, sorted)
        if let differing = differing(judged) { further.insert(differing, at: 0) }
        report.findings += further
        report.verdict = judged.map(\.report.verdict).max { $0.rank < $1.rank } ?? report.verdict
        report.state =
            further.contains { $0.status == .failed && $0.severity == .warning }
            ? max(report.state, .warning) : report.state
        if let first = judged.compactMap(\.firstBreak).min(by: { $0.at < $1.at }) {
            report.firstBreak = first
        }
        for other in judged.dropFirst() { report.describe(other.report.certificates) }
        report.summary = summary(judged, failed: sorted.failed.count, report)
        return report
    }

    /// RFC has no word on it: a name's addresses are one service to its clients.
    private func differing(_ judged: [FleetReport]) -> Finding? {
        guard judged.count > 1, let first = judged.first else { return nil }
        let isHarmless = judged.allSatisfy { other in
            other.report.verdict == first.report.verdict && other.report.state == first.report.state
                && other.names == first.names
        }
        let text = ReasonText.of(.presentationsDiffer)
        let shown = judged.map {
            "\($0.report.leaf?.hex ?? "no end entity") on \($0.addresses.joined(separator: " "))"
        }
        return Finding(
            check: .fleetPresentation, kind: .presentation, reason: .presentationsDiffer,
            severity: isHarmless ? .info : .warning,
            message: text.message("", expected: nil, presented: nil),
            expected: "the same certificates on every address", presented: shown.joined(separator: ", "),
            reference: Reference.catenary("probing").description, fix: text.fix)
    }

    private func findings(of failed: [Evidence], _ members: FleetMembers) -> [Finding] {
        failed.map { member in
            let reason = members.reason(of: member)
            let text = ReasonText.of(reason)
            let isKnown = reason != .noRoute && member.failure?.check != .netEgress
            var finding = Finding(
                check: member.failure?.check ?? .netHandshake, kind: .presentation,
                status: isKnown ? .failed : .notEstablished, reason: reason,
                severity: isKnown ? .warning : .info,
                message: text.message("", expected: nil, presented: nil),
                expected: "a certificate", presented: member.failure?.presented,
                reference: Reference.catenary("probing").description, fix: text.fix)
            finding.address = member.address
            if let address = member.address { finding.message = "\(address): \(finding.message)" }
            return finding
        }
    }

    private func summary(_ judged: [FleetReport], failed: Int, _ report: Report) -> String {
        guard let worst = judged.first, let fleet = report.fleet else { return report.summary }
        let all = fleet.addresses
        var sentence = worst.report.summary
        if judged.count > 1 {
            sentence =
                "\(worst.addresses.count) of \(all) addresses (\(worst.addresses.joined(separator: ", "))): "
                + sentence
        }
        if failed > 0 { sentence += "; \(failed) of \(all) addresses showed no certificate" }
        return sentence
    }
}

/// The members of a fleet, those that sent the same certificates together.
private struct FleetMembers {
    struct Presentation {
        var evidence: Evidence
        var addresses: [String]
        var seen = 1
    }

    private(set) var presentations: [Presentation] = []
    /// Each address once.
    private(set) var failed: [Evidence] = []
    /// Families of which an address answered or at least refused.
    private var reached: Set<Bool> = []

    init(_ members: [Evidence]) {
        for member in members {
            if member.failure?.reason != .networkUnreachable { reached.insert(member.isV6) }
            guard !member.presented.isEmpty else {
                if !failed.contains(where: { $0.address == member.address }) { failed.append(member) }
                continue
            }
            let address = member.address ?? ""
            if let index = presentations.firstIndex(where: { $0.evidence.isSamePresentation(as: member) }) {
                presentations[index].seen += 1
                if !presentations[index].addresses.contains(address) {
                    presentations[index].addresses.append(address)
                }
            } else {
                presentations.append(Presentation(evidence: member, addresses: [address]))
            }
        }
    }

    /// Without a route to any address of a family while the other answers, it is this host that lacks it.
    func reason(of member: Evidence) -> Reason {
        let reason = member.failure?.reason ?? .noCertificate
        guard reason == .networkUnreachable, !reached.contains(member.isV6), reached.contains(!member.isV6)
        else { return reason }
        return .noRoute
    }
}

/// One presentation, judged.
private struct FleetReport {
    let addresses: [String]
    let seen: Int
    var report: Report

    /// Where a break is, is the first address that shows it.
    var firstBreak: FirstBreak? {
        guard var first = report.firstBreak else { return nil }
        first.address = addresses.first
        return first
    }

    var names: Set<String> {
        Set(report.leaf.flatMap { report[$0] }.map { $0.dnsNames + $0.ipAddresses.map(Hex.encode) } ?? [])
    }

    /// By state, then first break, then size.
    func isWorse(than other: FleetReport) -> Bool {
        if report.state != other.report.state { return report.state > other.report.state }
        let (mine, theirs) = (report.firstBreak?.at ?? .latest, other.report.firstBreak?.at ?? .latest)
        if mine != theirs { return mine < theirs }
        return addresses.count > other.addresses.count
    }
}

extension Evidence {
    fileprivate var address: String? { handshake?.address ?? failure?.address }

    fileprivate var isV6: Bool { address?.contains(":") == true }

    /// Certificates, SCTs and whether a response is stapled: staples themselves differ from hour to hour.
    fileprivate func isSamePresentation(as other: Evidence) -> Bool {
        presented == other.presented && sctList == other.sctList
            && (stapledOCSP == nil) == (other.stapledOCSP == nil) && failure?.reason == other.failure?.reason
    }
}

extension Question {
    /// The same, asked of this evidence.
    package func about(_ evidence: Evidence) -> Question {
        var question = self
        question.evidence = evidence
        question.target?.address = evidence.address
        question.target?.sni = evidence.handshake?.sni
        return question
    }
}

extension Verdict {
    /// Worst last. A verdict of a group is never `unreachable`: then there is no group.
    var rank: Int {
        switch self {
        case .unreachable, .trusted: 0
        case .indeterminate: 1
        case .partlyTrusted: 2
        case .untrusted: 3
        }
    }
}

extension Report {
    mutating func describe(_ others: [Described]) {
        var known = Set(certificates.map(\.certificate.sha256))
        for other in others where known.insert(other.certificate.sha256).inserted {
            certificates.append(other)
        }
    }
}
