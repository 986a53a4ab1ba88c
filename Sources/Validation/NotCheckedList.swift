import Reports
import TrustStores

/// What a reader might take for checked and was not. Never left out.
struct NotCheckedList {
    let question: Question
    let asked: [StoreJudge]
    let hasLogs: Bool
    /// An issuer is missing that might be fetched.
    let lacksIssuer: Bool

    var items: [NotChecked] {
        var out: [NotChecked] = []
        if question.options.names.isEmpty {
            out.append(NotChecked(check: "name.match", reason: "not_asked", message: "the name (none given)"))
        }
        if question.options.crls.isEmpty, question.options.revocation == .off {
            out.append(NotChecked(check: "revocation.status", reason: "not_asked", message: "revocation"))
        }
        if lacksIssuer, question.options.aia != true {
            out.append(
                NotChecked(
                    check: "chain.complete", reason: "not_asked", message: "the missing issuer (--aia)"))
        }
        out += clientRules
        if !hasLogs, asked.contains(where: { $0.policy != nil }) {
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

    /// Of stores whose client is known for nothing but how it completes a chain; and what no package offers:
    /// Chrome's CRLSet and Firefox's CRLite.
    private var clientRules: [NotChecked] {
        let bare = asked.filter { judge in
            guard judge.store.client != .libcrypto, let client = judge.client else { return false }
            return client.tolerates.isEmpty && client.refuses.isEmpty
        }.map(\.store.name)
        var out: [NotChecked] = []
        if !bare.isEmpty {
            out.append(
                NotChecked(
                    check: "client.rules", reason: "not_established",
                    message: "what else the clients of \(bare.joined(separator: ", ")) refuse"))
        }
        for (client, list) in [("chrome", "CRLSet"), ("firefox", "CRLite")] {
            let stores = asked.filter { $0.store.client == ClientName(client) }.map(\.store.name)
            guard !stores.isEmpty else { continue }
            out.append(
                NotChecked(
                    check: "revocation.blocked", reason: "not_established",
                    message: "\(list) (\(stores.joined(separator: ", ")))"))
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
