import Certificates
import Reports

/// The chain block: where the certificates came from, then the best path as a tree, what was sent beside it,
/// and what was not sent.
extension TextReport {
    /// The path that a store which trusts the chain uses, else the near miss.
    var shownPath: Int? {
        let answers = report.stores
        let used = answers.first { $0.trusted == true && $0.path != nil } ?? answers.first { $0.path != nil }
        let index = used?.path ?? 0
        return report.paths.indices.contains(index) ? index : nil
    }

    var chain: [String] {
        let rows = rows
        guard !rows.isEmpty else { return [] }
        // The widest row sets the column of names, and a name gives way before a line grows too long.
        let marks = rows.map { ShownText.width($0.mark) }.max() ?? 0
        let keys = rows.map { ShownText.width($0.key) }.max() ?? 0
        let room = ShownText.columns - keys - Row.datesWidth - marks - 8
        let names = min(room, rows.map { ShownText.width($0.name) }.max() ?? 0)
        var lines = [origin]
        for row in rows {
            var line = ShownText.pad(ShownText.cut(row.name, to: names), to: names)
            line +=
                "  " + ShownText.pad(row.key, to: keys) + "  " + ShownText.pad(row.dates, to: Row.datesWidth)
            if !row.mark.isEmpty { line += "  " + (row.isBad ? paint.bad(row.mark) : row.mark) }
            while line.last == " " { line.removeLast() }
            lines.append(line)
            if verbose, let digest = row.digest {
                lines.append("      sha256 \(digest.hex)")
            }
        }
        return lines
    }

    /// `  sent by 192.0.2.30 (TLS 1.2, 52 ms), INCOMPLETE`
    private var origin: String {
        var text = report.target == nil ? "given" : "sent"
        if let handshake = report.handshake {
            if let address = handshake.address { text += " by \(ShownText.name(address))" }
            let total = handshake.timings.reduce(0) { $0 + $1.milliseconds }
            let spent = handshake.timings.isEmpty ? nil : "\(Int(total.rounded())) ms"
            let facts = [handshake.protocolVersion, spent].compactMap { $0 }
            if !facts.isEmpty { text += " (\(facts.joined(separator: ", ")))" }
        }
        if report.presented?.complete == false { text += ", " + paint.bad("INCOMPLETE") }
        if report.presented?.inOrder == false { text += ", in the wrong order" }
        return "  " + text
    }

    private var rows: [Row] {
        let sent = report.presented?.certificates ?? []
        var rows: [Row] = []
        var shown: Set<SHA256Digest> = []
        if let path = shownPath.map({ report.paths[$0] }) {
            for (depth, digest) in path.certificates.enumerated() {
                let anchor =
                    digest == path.anchor
                    ? (path.stores.isEmpty ? "anchor of another store" : "anchor") : nil
                rows.append(row(digest, depth: depth, anchor: anchor, sent: sent))
                shown.insert(digest)
            }
        }
        // Without a path everything is listed as it came.
        for digest in sent where !shown.contains(digest) {
            var row = row(digest, depth: 0, anchor: nil, sent: sent)
            if !rows.isEmpty, row.mark.isEmpty {
                row.mark = report.presented?.unrelated.contains(digest) == true ? "unrelated" : "not used"
            }
            rows.append(row)
            shown.insert(digest)
        }
        for missing in report.presented?.missing ?? [] {
            if let digest = missing.sha256, shown.contains(digest) { continue }
            let name = Row.indent(rows.isEmpty ? 0 : 1) + ShownText.name(missing.subject)
            rows.append(Row(name: name, key: "", dates: "", mark: "NOT SENT", isBad: true))
        }
        return rows
    }

    private func row(_ digest: SHA256Digest, depth: Int, anchor: String?, sent: [SHA256Digest]) -> Row {
        guard let certificate = report[digest] else {
            return Row(name: Row.indent(depth) + "undecodable", key: "", dates: "", mark: "", digest: digest)
        }
        var marks: [String] = []
        if let anchor { marks.append(anchor) }
        if anchor == nil, !sent.contains(digest) { marks.append("NOT SENT") }
        if let end = certificate.notAfter, end < report.at { marks.append("EXPIRED") }
        if let start = certificate.notBefore, start > report.at { marks.append("NOT YET VALID") }
        let isBad = marks.count > (anchor == nil ? 0 : 1)
        if report.presented?.inOrder == false, let place = sent.firstIndex(of: digest) {
            marks.append("sent as number \(place + 1)")
        }
        if report.presented?.duplicates.contains(digest) == true { marks.append("sent twice") }
        return Row(
            name: Row.indent(depth) + certificate.shownName,
            key: ShownText.name(certificate.key.display, limit: 20),
            dates: Row.dates(certificate), mark: marks.joined(separator: ", "), isBad: isBad, digest: digest)
    }
}

/// One certificate of the chain block.
private struct Row {
    /// `2026-08-05 .. 2027-02-11`
    static let datesWidth = 24

    var name: String
    var key: String
    var dates: String
    var mark: String
    var isBad = false
    var digest: SHA256Digest?

    static func dates(_ certificate: Certificate) -> String {
        func date(_ instant: Instant?) -> String { instant?.date ?? "malformed" }
        return "\(date(certificate.notBefore)) .. \(date(certificate.notAfter))"
    }

    /// Deeper than eight the tree would leave no room for names.
    static func indent(_ depth: Int) -> String {
        depth == 0 ? "    " : String(repeating: " ", count: 2 + 3 * min(depth, 8)) + "└ "
    }
}
