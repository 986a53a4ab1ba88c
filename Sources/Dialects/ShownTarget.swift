import Certificates
import Reports

extension Report {
    /// As `shownTarget`, whole and unescaped: for labels and cells, which have their own rules.
    ///
    /// - Parameter given: the target as it was written, for a report that has none of its own.
    func plainTarget(given: String? = nil) -> String {
        if let target {
            return target.host.contains(":")
                ? "[\(target.host)]:\(target.port)" : "\(target.host):\(target.port)"
        }
        if let name = names.first { return name.text }
        let leaf = leaf.flatMap { self[$0] }
        return leaf.map { $0.subject.commonName ?? $0.dnsNames.first ?? $0.subject.display } ?? given
            ?? "input"
    }

    /// The names sought, where the target alone does not tell them.
    var plainNames: String? {
        let names = names.map(\.text)
        guard let first = target?.host ?? names.first, !names.isEmpty, names != [first] else { return nil }
        return names.joined(separator: ",")
    }

    /// What the question was about, in a word: `host:port`, else the name sought, else what the certificate
    /// is called.
    var shownTarget: String {
        if let target {
            let host = ShownText.name(target.host)
            return host.contains(":") ? "[\(host)]:\(target.port)" : "\(host):\(target.port)"
        }
        if let name = names.first { return ShownText.name(name.text) }
        guard let certificate = leaf.flatMap({ self[$0] }) else { return "input" }
        return certificate.shownName
    }
}

extension Certificate {
    /// The CN, else the first DNS name, else the whole subject: escaped and cut.
    var shownName: String {
        ShownText.name(subject.commonName ?? dnsNames.first ?? subject.display)
    }
}
