import Certificates
import Reports

/// One line for Nagios and Icinga, in the words of check_ssl_cert so that existing graphs and filters go on:
/// `SSL_CERT OK - …|days_chain_elem1=39;20;15;; days_chain_elem2=3649;20;15;;`
package enum Nagios {
    /// Nagios and the agents before it read at most 8 kB.
    static let limit = 8 * 1024
    /// What the sentence may take of it, so that there is room for the performance data.
    private static let sentenceLimit = 2048

    /// Exit status of a monitoring plugin: 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN.
    package static func status(of state: State) -> Int32 {
        switch state {
        case .ok: 0
        case .warning: 1
        case .critical: 2
        case .unknown: 3
        }
    }

    /// The line, its line feed included.
    package static func render(_ report: Report) -> String {
        let sentence =
            switch report.state {
            case .ok: "SSL_CERT OK - \(good(report))"
            case .warning: "SSL_CERT WARN \(report.shownTarget): \(report.summary)"
            case .critical: "SSL_CERT CRITICAL \(report.shownTarget): \(report.summary)"
            case .unknown: "SSL_CERT UNKNOWN \(report.shownTarget): \(report.summary)"
            }
        // A bar would start the performance data.
        let plain = ShownText.escape(sentence).map { $0 == "|" ? "/" : $0 }
        var line = ""
        for character in plain where line.utf8.count + character.utf8.count <= sentenceLimit {
            line.append(character)
        }
        var separator = "|"
        for (index, digest) in (report.presented?.certificates ?? []).enumerated() {
            guard let item = performance(report, index, digest) else { continue }
            guard line.utf8.count + separator.utf8.count + item.utf8.count < limit else { break }
            line += separator + item
            separator = " "
        }
        return line + "\n"
    }

    /// `H:P, https, x509 certificate 'CN' (NAME) from 'CA' valid until Jan  2 23:15:17 2027 GMT (expires …)`
    private static func good(_ report: Report) -> String {
        guard let leaf = report.leaf.flatMap({ report[$0] }) else {
            return "\(report.shownTarget): \(report.summary)"
        }
        let sought = report.names.first.map { ShownText.name($0.text) } ?? leaf.shownName
        var text = report.shownTarget
        if let port = report.target?.port { text += port == 443 ? ", https" : ", tls" }
        text +=
            ", x509 certificate '\(leaf.shownName)' (\(sought)) from '\(ShownText.name(leaf.issuer.display))'"
        if let end = leaf.notAfter {
            text += " valid until \(ShownTime.openSSL(end)) (expires in \(days(end - report.at)) days)"
        }
        return text
    }

    /// Whole days left, past ones truncated toward zero; thresholds in days.
    private static func performance(_ report: Report, _ index: Int, _ digest: SHA256Digest) -> String? {
        guard let end = report[digest]?.notAfter else { return nil }
        let warn = days(report.thresholds.warnSeconds)
        let critical = days(report.thresholds.criticalSeconds)
        return "days_chain_elem\(index + 1)=\(days(end - report.at));\(warn);\(critical);;"
    }

    private static func days(_ seconds: Int64) -> Int64 { seconds / 86_400 }
}
