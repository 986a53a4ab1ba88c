import Certificates

/// How the text of each kind of value is read; the same in JSON, in a query and on the command line.
package enum OptionValues {
    /// A hundred years, so that no sum of instants overflows.
    static let longestDuration: Int64 = 36_500 * 86_400
    /// A check occupies a slot and sockets while it waits.
    package static let longestTimeout: Int64 = 60

    /// RFC 3339 §5.6, truncated to the second, years 0000 to 9999.
    package static func instant(_ text: String) throws(Malformed) -> Instant {
        guard let instant = Instant(rfc3339: text) else {
            throw Malformed(
                .instantMalformed,
                "\(Malformed.shown(text)) is not an RFC 3339 instant such as 2026-11-24T13:59:00Z"
            )
        }
        return instant
    }

    /// Seconds of `90s`, `5m`, `12h`, `30d`: a whole number and one unit.
    package static func seconds(_ text: String) throws(Malformed) -> Int64 {
        guard let seconds = wholeSeconds(text) else {
            throw Malformed(
                .durationMalformed, "\(Malformed.shown(text)) is not a duration such as 90s, 5m, 12h or 30d")
        }
        return seconds
    }

    private static func wholeSeconds(_ text: String) -> Int64? {
        let digits = text.utf8.dropLast()
        let unit: Int64
        switch text.utf8.last {
        case UInt8(ascii: "s"): unit = 1
        case UInt8(ascii: "m"): unit = 60
        case UInt8(ascii: "h"): unit = 3_600
        case UInt8(ascii: "d"): unit = 86_400
        default: return nil
        }
        // Ten digits hold a hundred years of seconds and overflow nothing.
        guard (1...10).contains(digits.count), digits.allSatisfy({ (0x30...0x39).contains($0) }) else {
            return nil
        }
        let seconds = digits.reduce(0) { $0 * 10 + Int64($1 - 0x30) } * unit
        return seconds <= longestDuration ? seconds : nil
    }

    /// 1 s to 60 s.
    package static func timeout(_ text: String) throws(Malformed) -> Duration {
        let seconds = try seconds(text)
        guard (1...longestTimeout).contains(seconds) else {
            throw Malformed(.durationMalformed, "\(Malformed.shown(text)) is not between 1s and 60s")
        }
        return .seconds(seconds)
    }

    /// `30d` or a share of the lifetime, `25%` or `25pct`, above 0 and at most 100.
    package static func threshold(_ text: String) throws(Malformed) -> Threshold {
        let share: Substring? =
            text.hasSuffix("%") ? text.dropLast() : text.hasSuffix("pct") ? text.dropLast(3) : nil
        if let share {
            if let percent = decimal(share), percent > 0, percent <= 100 { return .percent(percent) }
        } else if let seconds = wholeSeconds(text) {
            return .seconds(seconds)
        }
        throw Malformed(
            .thresholdMalformed, "\(Malformed.shown(text)) is not a threshold such as 21d, 12h or 25%")
    }

    /// Digits and perhaps a fraction: `Double` alone would read `nan`, `0x1p3` and `1e2`.
    private static func decimal(_ text: Substring) -> Double? {
        let parts = text.utf8.split(separator: 0x2E, omittingEmptySubsequences: false)
        guard text.utf8.count <= 8, (1...2).contains(parts.count),
            parts.allSatisfy({ !$0.isEmpty && $0.allSatisfy { (0x30...0x39).contains($0) } })
        else { return nil }
        return Double(text)
    }

    /// One of the cases of an enumeration, by its exact text.
    package static func choice<Choice: RawRepresentable & CaseIterable>(
        _ text: String
    ) throws(Malformed) -> Choice where Choice.RawValue == String {
        guard let choice = Choice(rawValue: text) else {
            let all = Choice.allCases.map(\.rawValue).joined(separator: ", ")
            throw Malformed(.valueMalformed, "\(Malformed.shown(text)) is none of: \(all)")
        }
        return choice
    }

    /// A SHA-256 as 64 hex digits, colons between octets allowed, or PEM, whose first certificate counts.
    package static func digest(_ text: String) throws(Malformed) -> SHA256Digest {
        if text.contains("-----BEGIN") {
            guard let first = try certificates(text).first else { throw Malformed(PEMError.noBlock) }
            return SHA256Digest(of: first)
        }
        let octets = text.split(separator: ":", omittingEmptySubsequences: false)
        let isSpaced = octets.count == 32 && octets.allSatisfy { $0.utf8.count == 2 }
        guard let digest = SHA256Digest(hex: isSpaced ? octets.joined() : text) else {
            throw Malformed(
                .valueMalformed, "\(Malformed.shown(text)) is neither PEM nor a SHA-256 of 64 hex digits")
        }
        return digest
    }

    /// PEM; the DER of at least one certificate, not yet parsed.
    package static func certificates(_ text: String) throws(Malformed) -> [[UInt8]] {
        try PostedCertificates.pem(Array(text.utf8)).decoded()
    }

    /// PEM; the DER of at least one CRL, not yet parsed.
    package static func crls(_ text: String) throws(Malformed) -> [[UInt8]] {
        let found: [[UInt8]]
        do throws(PEMError) {
            found = try PEM.decodeCRLs(Array(text.utf8), limit: crlLimit)
        } catch {
            throw Malformed(error)
        }
        guard !found.isEmpty else { throw Malformed(.valueMalformed, "there is no CRL in the PEM") }
        return found
    }

    /// A path has one CRL for each certificate, and partitioned ones a few more.
    static let crlLimit = 100

    package static func flag(_ text: String) throws(Malformed) -> Bool {
        switch text {
        case "true": return true
        case "false": return false
        default: throw Malformed(.valueMalformed, "\(Malformed.shown(text)) is neither true nor false")
        }
    }

    /// 0 to 32: `SearchBudget.depth` bounds what can be asked.
    package static func depth(_ text: String) throws(Malformed) -> Int {
        guard let depth = Int(text), (0...32).contains(depth) else {
            throw Malformed(.valueMalformed, "\(Malformed.shown(text)) is not a number from 0 to 32")
        }
        return depth
    }

    package static func oid(_ text: String) throws(Malformed) -> String {
        guard OID(text) != nil else {
            throw Malformed(.valueMalformed, "\(Malformed.shown(text)) is not a dotted OID")
        }
        return text
    }

    package static func base64(_ text: String) throws(Malformed) -> [UInt8] {
        let bytes = Array(text.utf8)
        guard let decoded = Base64.decode(bytes[...]), !decoded.isEmpty else {
            throw Malformed(.base64Malformed, "the value is not base64 (RFC 4648, section 4)")
        }
        return decoded
    }

    package static func port(_ text: String) throws(Malformed) -> UInt16 {
        guard let port = TargetText.port(text) else {
            throw Malformed(.valueMalformed, "\(Malformed.shown(text)) is not a port from 1 to 65535")
        }
        return port
    }

    /// An address to dial, as text in its canonical form, or `all`.
    static func address(_ text: String) throws(Malformed) -> AddressChoice {
        if text == "all" { return .all }
        guard case .ip(_, let address) = try TargetText.host(text) else {
            throw Malformed(.targetMalformed, "\(Malformed.shown(text)) is neither an IP address nor all")
        }
        return .one(address)
    }

    /// Enough to find one bad backend of eight with 88 per cent, few enough to be no load.
    package static let maximumSamples = 16
    /// With sixteen addresses 64 handshakes in all, each of about 50 kB.
    package static let maximumSamplesOfEach = 4

    static func samples(_ text: String) throws(Malformed) -> Int {
        guard let samples = Int(text), (1...maximumSamples).contains(samples) else {
            let range = "a number from 1 to \(maximumSamples)"
            throw Malformed(.valueMalformed, "\(Malformed.shown(text)) is not \(range)")
        }
        return samples
    }

    /// A protocol with a dialogue before TLS, or `none`.
    package static func start(_ text: String) throws(Malformed) -> TransportStart {
        guard let start = TransportStart(option: text) else {
            let all = StartTLS.allCases.map(\.rawValue).joined(separator: ", ")
            throw Malformed(.valueMalformed, "\(Malformed.shown(text)) is none of: \(all), none")
        }
        return start
    }

    /// A DNS name as A-labels; empty for none. RFC 6066 §3 knows no addresses there.
    package static func serverName(_ text: String) throws(Malformed) -> String {
        if text.isEmpty { return "" }
        guard case .dns(let name, _) = try ReferenceIdentifier(parsing: text) else {
            throw Malformed(
                .nameMalformed, "\(Malformed.shown(text)) is an IP address, which SNI cannot carry")
        }
        return name
    }

    static func name(_ text: String) throws(Malformed) -> ReferenceIdentifier {
        try ReferenceIdentifier(parsing: text)
    }

    /// A store's name; whether it is loaded is not known here.
    static func store(_ text: String) throws(Malformed) -> String {
        guard !text.isEmpty, text.utf8.count <= 64, text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw Malformed(.unknownStore, "\(Malformed.shown(text)) is not the name of a store")
        }
        return text
    }

    /// Whether there is a pair of that name is not known here.
    static func clientCertificate(_ text: String) throws(Malformed) -> String {
        guard (1...64).contains(text.utf8.count), text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw Malformed(
                .unknownClientCertificate, "\(Malformed.shown(text)) is not the name of a client certificate")
        }
        return text
    }

    /// Whether there is a proxy of that name is not known here.
    static func proxy(_ text: String) throws(Malformed) -> String {
        guard (1...64).contains(text.utf8.count), text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw Malformed(.unknownProxy, "\(Malformed.shown(text)) is not the name of a proxy")
        }
        return text
    }

    static func client(_ text: String) throws(Malformed) -> String {
        guard !text.isEmpty, text.utf8.count <= 64, text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw Malformed(.unknownClient, "\(Malformed.shown(text)) is not the name of a client")
        }
        return text
    }

    static func field(_ text: String) throws(Malformed) -> String {
        let member: Report.Member = try choice(text)
        return member.rawValue
    }
}

/// Which addresses of a host are dialled; without a choice the first that answers.
enum AddressChoice: Sendable, Equatable {
    case all
    case one(String)
}
