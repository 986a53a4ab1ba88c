import Certificates
import Reports
import TrustStores

/// For a chain that no store trusts: the one thing that alone stands against it, if there is one. Shown by
/// judging again with that one thing changed; what only seems to be the cause is not said.
struct NearMissFinder {
    let validator: Validator
    let question: Question
    let report: Report

    func find() -> NearMiss? {
        let against = report.findings.filter {
            $0.status == .failed && ($0.kind == .path || $0.kind == .client)
                && $0.check != .anchorOtherStore && $0.check != .anchorStoreStale
        }
        guard report.verdict == .untrusted, let first = against.first, let change = change(against) else {
            return nil
        }
        var changed = question
        changed.options.include = []
        let message: String
        switch change {
        case .time(let instant):
            changed.at = instant
            message = "the path fails only because of the time: it held at \(instant)"
        case .name:
            changed.options.names = []
            message = "the path fails only because of the name"
        case .purpose:
            changed.options.purpose = .any
            message = "the path fails only because of the purpose \(question.options.purpose.rawValue)"
        case .depth:
            changed.options.maxDepth = nil
            message = "the path fails only because of max_depth"
        case .anchor(let certificate):
            changed.stores = []
            changed.options.anchors = [certificate.der]
            let name = certificate.subject.display
            message = "the path fails only because “\(name)” is no anchor of the stores asked for"
        }
        guard validator.answer(changed).verdict == .trusted else { return nil }
        return NearMiss(
            path: first.path ?? 0, change: change, check: first.check, reason: first.reason,
            certificate: first.certificate, message: message)
    }

    /// What would have to change; nil when more than one thing would.
    private func change(_ against: [Finding]) -> NearMiss.Change? {
        if against.allSatisfy({ StoreJudge.isTime($0) }) { return time(against) }
        if against.allSatisfy({ $0.check == .nameMatch }) { return .name }
        if against.allSatisfy({ $0.check == .pathEKU || $0.check == .pathKeyUsage }) { return .purpose }
        if against.allSatisfy({ $0.reason == .depthExceeded }) { return .depth }
        guard against.allSatisfy({ $0.check == .anchorFound }) else { return nil }
        let top = against.compactMap(\.certificate).last ?? report.paths.first?.anchor
        return top.flatMap { report[$0] }.map { .anchor($0) }
    }

    /// The last second at which all of an ended path held, or the first of one that has not begun.
    private func time(_ against: [Finding]) -> NearMiss.Change? {
        // SCTs that are still to come: the calendar knows when enough of them have.
        if against.contains(where: { $0.reason == .sctInFuture }) {
            return report.breaks.first { $0.trustedAfter == true }.map { .time($0.at) }
        }
        guard let index = against[0].path, report.paths.indices.contains(index) else { return nil }
        let certificates = report.paths[index].certificates.compactMap { report[$0] }
        guard let held = JudgedPath.interval(certificates) else { return nil }
        return .time(held.upperBound < question.at ? held.upperBound : held.lowerBound)
    }
}
