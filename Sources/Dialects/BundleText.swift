import Certificates
import Reports

/// What `catenary repair` says beside the bundle: the changes, who trusts it, and when it ends.
package enum BundleText {
    /// Lines of at most 110 columns, each ended by a line feed. `report` names the certificates.
    package static func render(_ bundle: Bundle, _ report: Report) -> String {
        lines(bundle, report).map { $0 + "\n" }.joined()
    }

    private static func lines(_ bundle: Bundle, _ report: Report) -> [String] {
        var lines = bundle.changes.isEmpty ? ["nothing to change: what is sent is right"] : []
        for change in bundle.changes {
            let certificate =
                report[change.certificate] ?? bundle.certificates.first { $0.sha256 == change.certificate }
            let name = certificate?.shownName ?? change.certificate.hex
            lines += ShownText.wrap(
                "“\(name)”\(place(change))", first: change.action.rawValue.padded(to: 6), indent: 6)
        }
        for store in bundle.stores {
            let name = ShownText.name(store.name)
            lines.append("\(name): \(answer(store.before)) as sent, \(answer(store.after)) with this bundle")
        }
        if let until = bundle.until { lines.append("good until \(until.date)") }
        if bundle.endsBeforeLeaf {
            lines.append("warning: the bundle ends before the end entity does")
        }
        return lines
    }

    /// Positions are told from 1, the end entity first, as people count the blocks of a file.
    private static func place(_ change: Bundle.Change) -> String {
        let from = change.from.map { ", sent as number \($0 + 1)" } ?? ""
        let to = change.to.map { ", belongs at number \($0 + 1)" } ?? ""
        return from + to
    }

    private static func answer(_ trusted: Bool?) -> String {
        switch trusted {
        case true?: "trusted"
        case false?: "not trusted"
        case nil: "not established"
        }
    }
}

extension String {
    fileprivate func padded(to width: Int) -> String {
        self + String(repeating: " ", count: max(0, width - count))
    }
}
