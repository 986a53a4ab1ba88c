import Certificates
import Reports

/// The series of ssl_exporter, under its names. There is no series about a stapled response unless one was
/// judged: "good" for a staple that is not there helps nobody.
package enum SSLExporterSeries {
    package static func add(_ report: Report, success: Bool, prober: String, to text: inout MetricText) {
        text.gauge("ssl_probe_success", "If the probe was a success", [], success ? 1 : 0)
        text.gauge(
            "ssl_prober", "The prober used by the exporter to connect to the target", [("prober", prober)], 1)
        if let version = report.handshake?.protocolVersion {
            text.gauge("ssl_tls_version_info", "The TLS version used", [("version", version)], 1)
        }
        var seen: Set<SHA256Digest> = []
        for digest in report.presented?.certificates ?? [] where seen.insert(digest).inserted {
            guard let certificate = report[digest] else { continue }
            add("ssl_cert_not", "", certificate, labels(of: certificate), to: &text)
        }
        for (number, path) in verified(report).enumerated() {
            for digest in path.certificates {
                guard let certificate = report[digest] else { continue }
                let all = [("chain_no", String(number))] + labels(of: certificate)
                add("ssl_verified_cert_not", " of a verified chain", certificate, all, to: &text)
            }
        }
    }

    /// Valid paths to a store asked for; the one that ends last is the first.
    private static func verified(_ report: Report) -> [Path] {
        let end = { (path: Path) in path.certificates.compactMap { report[$0]?.notAfter }.min() ?? .earliest }
        return report.paths.enumerated().filter { $0.element.valid && !$0.element.stores.isEmpty }
            .sorted { a, b in
                let (first, second) = (end(a.element), end(b.element))
                return first == second ? a.offset < b.offset : first > second
            }.map(\.element)
    }

    private static func add(
        _ name: String, _ what: String, _ certificate: Certificate, _ labels: MetricText.Labels,
        to text: inout MetricText
    ) {
        if let from = certificate.notBefore {
            text.gauge(
                "\(name)_before", "NotBefore\(what) expressed as a Unix Epoch Time", labels, from.seconds)
        }
        if let end = certificate.notAfter {
            text.gauge("\(name)_after", "NotAfter\(what) expressed as a Unix Epoch Time", labels, end.seconds)
        }
    }

    private static func labels(of certificate: Certificate) -> MetricText.Labels {
        let emails = (certificate.extensions.subjectAltName ?? []).compactMap { name -> String? in
            if case .email(let text) = name { text } else { nil }
        }
        return [
            ("serial_no", Decimal.text(certificate.serial)),
            ("issuer_cn", certificate.issuer.commonName ?? ""),
            ("cn", certificate.subject.commonName ?? ""),
            ("dnsnames", list(certificate.dnsNames)),
            ("ips", list(certificate.ipAddresses.map { IPAddress(octets: $0)?.text ?? Hex.encode($0) })),
            ("emails", list(emails)),
            ("ou", list(certificate.subject.attributes.filter { $0.type == "OU" }.map(\.value))),
        ]
    }

    /// `,a,b,`, or nothing.
    private static func list(_ items: [String]) -> String {
        items.isEmpty ? "" : ",\(items.joined(separator: ",")),"
    }
}

/// An INTEGER's content octets (two's complement) in decimal, which no integer type is wide enough for.
enum Decimal {
    static func text(_ octets: [UInt8]) -> String {
        guard let first = octets.first else { return "0" }
        let isNegative = first & 0x80 != 0
        var rest = isNegative ? negated(octets) : octets
        var digits: [UInt8] = []
        while rest.contains(where: { $0 != 0 }) {
            var remainder = 0
            for at in rest.indices {
                let value = remainder << 8 | Int(rest[at])
                rest[at] = UInt8(value / 10)
                remainder = value % 10
            }
            digits.append(UInt8(ascii: "0") + UInt8(remainder))
        }
        guard !digits.isEmpty else { return "0" }
        return (isNegative ? "-" : "") + String(decoding: digits.reversed(), as: UTF8.self)
    }

    private static func negated(_ octets: [UInt8]) -> [UInt8] {
        var out = octets.map { ~$0 }
        for at in out.indices.reversed() {
            let (sum, carry) = out[at].addingReportingOverflow(1)
            out[at] = sum
            if !carry { break }
        }
        return out
    }
}
