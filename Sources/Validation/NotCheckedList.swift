import Reports
import Transparency
import TrustStores

/// What a reader might take for checked and was not. Never left out.
struct NotCheckedList {
    let question: Question
    let asked: [StoreJudge]
    let hasLogs: Bool

    var items: [NotChecked] {
        var out: [NotChecked] = []
        if question.options.names.isEmpty {
            out.append(NotChecked(check: "name.match", reason: "not_asked", message: "the name (none given)"))
        }
        if question.options.crls.isEmpty, question.options.revocation == .off {
            out.append(NotChecked(check: "revocation.status", reason: "not_asked", message: "revocation"))
        }
        for judge in asked where judge.store.origin == .shipped || judge.store.client != .libcrypto {
            out.append(
                NotChecked(
                    check: "client.rules", reason: "not_established",
                    message: "rules of \(judge.store.name)'s client beyond its list of anchors"))
        }
        let unasked = asked.filter { !hasLogs || $0.store.basis == .membership }
        if unasked.contains(where: { CTPolicy.of($0.store.client) != nil }) {
            out.append(
                NotChecked(check: "ct.policy", reason: "not_established", message: "certificate transparency")
            )
        }
        if question.target != nil, let further {
            out.append(
                NotChecked(check: "fleet.presentation", reason: "not_asked", message: further))
        }
        return out
    }

    private var further: String? {
        switch question.evidence.addressesLeft {
        case nil: "further addresses of the name"
        case 0?: nil
        case 1?: "1 further address (--address all)"
        case let left?: "\(left) further addresses (--address all)"
        }
    }
}
