import Certificates
import Reports

/// The series of blackbox_exporter that are about name resolution and TLS, under its names and with its
/// meanings. Unlike there, a chain that does not verify keeps its dates.
package enum BlackboxSeries {
    /// - Parameters:
    ///   - success: what `probe_success` says.
    ///   - duration: of the whole probe, in seconds.
    ///   - cipher: whether `probe_tls_cipher_info` is there, which only modules for http have.
    package static func add(
        _ report: Report, success: Bool, duration: Double, cipher: Bool, labels: MetricText.Labels = [],
        to text: inout MetricText
    ) {
        text.gauge(
            "probe_success", Help.success, labels, success ? 1 : 0)
        text.gauge(
            "probe_duration_seconds", Help.duration, labels, seconds: duration)
        text.gauge("probe_dns_lookup_time_seconds", Help.lookup, labels, seconds: resolving(report))
        addAddress(report, labels, &text)
        addDates(report, labels, &text)
        addNames(report, labels, serial: true, &text)
        if let version = report.handshake?.protocolVersion {
            text.gauge("probe_tls_version_info", Help.version, labels + [("version", version)], 1)
        }
        if cipher, let name = report.handshake?.cipher {
            text.gauge(
                "probe_tls_cipher_info", "Contains the TLS cipher negotiated", labels + [("cipher", name)], 1)
        }
    }

    /// A module for tcp exactly as blackbox_exporter 0.23 answers it, its gaps included: nothing about TLS
    /// once verification failed, and Go's zero time as the end of a chain that nobody verified.
    package static func addStrict(
        _ report: Report, success: Bool, skipsVerification: Bool, duration: Double, to text: inout MetricText
    ) {
        text.gauge("probe_dns_lookup_time_seconds", Help.lookup, seconds: resolving(report))
        text.gauge("probe_duration_seconds", Help.duration, seconds: duration)
        text.gauge("probe_failed_due_to_regex", "Indicates if probe failed due to regex", [], 0)
        addAddress(report, [], &text)
        text.gauge("probe_success", Help.success, [], success ? 1 : 0)
        guard success else { return }
        let sent = (report.presented?.certificates ?? []).compactMap { report[$0]?.notAfter }
        if let first = sent.min() {
            text.gauge("probe_ssl_earliest_cert_expiry", Help.earliest, [], first.seconds)
        }
        let last = skipsVerification ? zeroTime : lastChainExpiry(report)?.seconds ?? zeroTime
        text.gauge("probe_ssl_last_chain_expiry_timestamp_seconds", Help.last, [], last)
        addNames(report, [], serial: false, &text)
        if let version = report.handshake?.protocolVersion {
            text.gauge("probe_tls_version_info", Help.version, [("version", version)], 1)
        }
    }

    /// The same of a target without a port, whose host is not even resolved.
    package static func addStrict(unsplit duration: Double, to text: inout MetricText) {
        text.gauge("probe_duration_seconds", Help.duration, seconds: duration)
        text.gauge("probe_failed_due_to_regex", "Indicates if probe failed due to regex", [], 0)
        text.gauge("probe_success", Help.success, [], 0)
    }

    /// 0001-01-01T00:00:00Z.
    private static let zeroTime: Int64 = -62_135_596_800

    /// 0 for an address, which needs no name server.
    private static func resolving(_ report: Report) -> Double {
        (report.handshake?.timings.first { $0.phase == .resolve }?.milliseconds ?? 0) / 1000
    }

    private enum Help {
        static let success = "Displays whether or not the probe was a success"
        static let duration = "Returns how long the probe took to complete in seconds"
        static let lookup = "Returns the time taken for probe dns lookup in seconds"
        static let earliest = "Returns earliest SSL cert expiry in unixtime"
        static let last = "Returns last SSL chain expiry in timestamp"
        static let version = "Contains the TLS version used"
    }

    /// Both are 0 when no address was found.
    private static func addAddress(_ report: Report, _ labels: MetricText.Labels, _ text: inout MetricText) {
        let address = (report.handshake?.address ?? report.target?.address).flatMap { IPAddress($0) }
        text.gauge(
            "probe_ip_protocol", "Specifies whether probe ip protocol is IP4 or IP6", labels,
            address.map { $0.isIPv4 ? 4 : 6 } ?? 0)
        text.gauge(
            "probe_ip_addr_hash",
            "Specifies the hash of IP address. It's useful to detect if the IP address changes.", labels,
            address.map { Int64(hash($0.octets)) } ?? 0)
    }

    /// FNV-1a, 32 bits.
    static func hash(_ octets: [UInt8]) -> UInt32 {
        octets.reduce(2_166_136_261) { ($0 ^ UInt32($1)) &* 16_777_619 }
    }

    private static func addDates(_ report: Report, _ labels: MetricText.Labels, _ text: inout MetricText) {
        let sent = (report.presented?.certificates ?? []).compactMap { report[$0]?.notAfter }
        if let first = sent.min() {
            text.gauge("probe_ssl_earliest_cert_expiry", Help.earliest, labels, first.seconds)
        }
        if let last = lastChainExpiry(report) {
            text.gauge("probe_ssl_last_chain_expiry_timestamp_seconds", Help.last, labels, last.seconds)
        }
    }

    /// Of the paths to an anchor of a store asked for, the latest first end: of the valid ones, if there are.
    private static func lastChainExpiry(_ report: Report) -> Instant? {
        let anchored = report.paths.filter { !$0.stores.isEmpty }
        let valid = anchored.filter(\.valid)
        return (valid.isEmpty ? anchored : valid).compactMap { path in
            path.certificates.compactMap { report[$0]?.notAfter }.min()
        }.max()
    }

    /// - Parameter serial: blackbox_exporter 0.23 has no such label yet.
    private static func addNames(
        _ report: Report, _ labels: MetricText.Labels, serial: Bool, _ text: inout MetricText
    ) {
        guard let leaf = report.leaf.flatMap({ report[$0] }) else { return }
        text.gauge(
            "probe_ssl_last_chain_info", "Contains SSL leaf certificate information",
            labels + [
                ("fingerprint_sha256", leaf.sha256.hex), ("issuer", GoName.text(leaf.issuer, others: true)),
            ] + (serial ? [("serialnumber", shortSerial(leaf))] : []) + [
                ("subject", GoName.text(leaf.subject, others: true)),
                ("subjectalternative", leaf.dnsNames.joined(separator: ",")),
            ], 1)
    }

    /// Lowercase hex without leading zeros.
    private static func shortSerial(_ certificate: Certificate) -> String {
        let digits = certificate.serialHex.drop { $0 == "0" }
        return digits.isEmpty ? "0" : String(digits)
    }
}
