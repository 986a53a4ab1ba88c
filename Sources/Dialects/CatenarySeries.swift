import Certificates
import Reports

/// What a report says as series that last: dates and answers stay when the chain has failed, and nothing is
/// a label that counts down.
package enum CatenarySeries {
    /// Findings shown of one report, so that a hostile chain cannot make a thousand series.
    static let findingsShown = 64

    package static func add(_ report: Report, labels: MetricText.Labels = [], to text: inout MetricText) {
        let states: [State] = [.ok, .warning, .critical, .unknown]
        text.gauge(
            "catenary_state", "State: 0 ok, 1 warning, 2 critical, 3 unknown.", labels,
            Int64(states.firstIndex(of: report.state) ?? 3))
        for store in report.stores {
            guard let trusted = store.trusted else { continue }
            text.gauge(
                "catenary_trusted", "Whether the store's client trusts the chain; absent when not known.",
                labels + [("store", store.name)], trusted ? 1 : 0)
        }
        addFirstBreak(report, labels, &text)
        addLeaf(report, labels, &text)
        addRenewal(report, labels, &text)
        addAddresses(report, labels, &text)
        addFindings(report, labels, &text)
        for store in report.stores {
            guard let published = store.published else { continue }
            text.gauge(
                "catenary_store_age_seconds", "Age of the store's list at the time of the check.",
                labels + [("store", store.name)], max(0, report.checkedAt - published))
        }
    }

    private static func addFirstBreak(
        _ report: Report, _ labels: MetricText.Labels, _ text: inout MetricText
    ) {
        guard let first = report.firstBreak else { return }
        text.gauge(
            "catenary_first_break_timestamp_seconds",
            "The first second at which an answer turns to the worse; past once it has.", labels,
            first.at.seconds)
        text.gauge(
            "catenary_first_break_info", "What causes the first break.",
            labels + [("cause", first.cause.rawValue), ("certificate", first.certificate?.hex ?? "")], 1)
    }

    private static func addLeaf(_ report: Report, _ labels: MetricText.Labels, _ text: inout MetricText) {
        let leaf = report.leaf.flatMap { report[$0] }
        if let end = leaf?.notAfter {
            text.gauge(
                "catenary_leaf_not_after_timestamp_seconds", "The last second of the end entity's validity.",
                labels, end.seconds)
        }
        if let lifetime = leaf?.lifetime {
            text.gauge(
                "catenary_leaf_lifetime_seconds", "The whole validity of the end entity.", labels, lifetime)
        }
        if let complete = report.presented?.complete {
            text.gauge(
                "catenary_chain_complete", "Whether the chain as sent reaches an anchor.", labels,
                complete ? 1 : 0)
        }
    }

    private static func addRenewal(_ report: Report, _ labels: MetricText.Labels, _ text: inout MetricText) {
        for store in report.renewal?.stores ?? [] {
            guard let accepted = store.accepted else { continue }
            text.gauge(
                "catenary_renewal_accepted",
                "Whether the store's client will accept the same certificate, issued when it is due.",
                labels + [("store", store.name)], accepted ? 1 : 0)
        }
    }

    /// Without `address=all` of the one address tried.
    private static func addAddresses(
        _ report: Report, _ labels: MetricText.Labels, _ text: inout MetricText
    ) {
        guard report.target != nil else { return }
        let groups = report.fleet?.groups.map(\.addresses.count) ?? []
        // What most addresses send is what the others differ from.
        let most = groups.max() ?? 0
        let isShown = report.presented?.certificates.isEmpty == false
        let counts =
            report.fleet.map { [most, groups.reduce(0, +) - most, $0.failed.count] }
            ?? [isShown ? 1 : 0, 0, isShown ? 0 : 1]
        for (result, count) in zip(["ok", "differs", "failed"], counts) {
            text.gauge(
                "catenary_addresses",
                "Addresses that send the same chain as most, another one, or none.",
                labels + [("result", result)], Int64(count))
        }
    }

    private static func addFindings(_ report: Report, _ labels: MetricText.Labels, _ text: inout MetricText) {
        var seen: Set<[String]> = []
        for finding in report.findings where finding.status == .failed && seen.count < findingsShown {
            let values = [finding.check.rawValue, finding.reason.rawValue, finding.severity.rawValue]
            guard seen.insert(values).inserted else { continue }
            text.gauge(
                "catenary_finding", "A check that failed.",
                labels + Array(zip(["check", "reason", "severity"], values).map { ($0, $1) }), 1)
        }
    }
}

extension MetricText {
    /// `format=prometheus`: blackbox_exporter's series and ours. Several reports need a label that tells them
    /// apart.
    package mutating func add(_ report: Report, labels: Labels = []) {
        if report.target != nil {
            let duration = report.handshake?.timings.reduce(0) { $0 + $1.milliseconds / 1000 } ?? 0
            BlackboxSeries.add(
                report, success: report.verdict == .trusted, duration: duration, cipher: true, labels: labels,
                to: &self)
        }
        CatenarySeries.add(report, labels: labels, to: &self)
    }

    package static func render(_ report: Report) -> [UInt8] {
        var text = MetricText()
        text.add(report)
        return text.render()
    }
}
