import Certificates
import Checks
import Glibc
import Reports

/// Text as people type it: one name, or, after a line feed, a reference identifier and a presented one.
enum NameInvariants {
    static func check(_ bytes: [UInt8]) throws(BrokenInvariant) {
        if let address = IPAddress(octets: bytes) {
            try require(IPAddress(address.text) == address, "\(address.text) does not come back")
            try require(octets(address.text) == address.octets, "\(address.text) is another address in C")
        }
        let texts = bytes.split(separator: 0x0A, maxSplits: 1, omittingEmptySubsequences: false).map {
            String(decoding: $0, as: UTF8.self)
        }
        for text in texts {
            try address(text)
            try target(text)
            try idna(text)
        }
        guard let first = texts.first, let name = try reference(first) else { return }
        if texts.count == 2 { try match(name, texts[1]) }
    }

    /// What `inet_pton` reads.
    private static func octets(_ text: String) -> [UInt8]? {
        guard !text.utf8.contains(0) else { return nil }
        let family = text.utf8.contains(0x3A) ? AF_INET6 : AF_INET
        var octets = [UInt8](repeating: 0, count: family == AF_INET6 ? 16 : 4)
        return inet_pton(family, text, &octets) == 1 ? octets : nil
    }

    private static func address(_ text: String) throws(BrokenInvariant) {
        guard let address = IPAddress(text) else { return }
        try require(octets(text) == address.octets, "inet_pton reads another address")
        try require(IPAddress(address.text) == address, "an address's text is another address")
        try require(
            address.isIPv4 == IPAddress.looksNumeric(text) || !address.isIPv4, "IPv4, yet not numeric")
    }

    private static func reference(_ text: String) throws(BrokenInvariant) -> ReferenceIdentifier? {
        guard let name = try? ReferenceIdentifier(parsing: text) else { return nil }
        switch name {
        case .ip(let octets, let canonical):
            try require(IPAddress(canonical)?.octets == octets, "an IP-ID's text is another address")
            try require((try? ReferenceIdentifier(parsing: canonical)) == name, "an IP-ID does not come back")
        case .dns(let labels, let given):
            try require(given == text, "the given text changed")
            try require(
                labels.utf8.allSatisfy { $0 < 0x80 && !(0x41...0x5A).contains($0) }, "not ASCII in lower case"
            )
            try require((1...253).contains(labels.utf8.count) && labels.last != ".", "not a name's length")
            try require(!IPAddress.looksNumeric(labels), "a DNS-ID that reads as an address")
            guard case .dns(let again, _)? = try? ReferenceIdentifier(parsing: labels) else {
                throw BrokenInvariant("A-labels are refused: \(labels)")
            }
            try require(again == labels, "A-labels change: \(labels) is \(again)")
        }
        return name
    }

    private static func target(_ text: String) throws(BrokenInvariant) {
        guard let target = try? TargetText(parsing: text) else { return }
        let host =
            switch target.host {
            case .ip(let octets, let text): octets.count == 16 ? "[\(text)]" : text
            case .dns(let labels, _): labels
            }
        let canonical = target.port.map { "\(host):\($0)" } ?? host
        for form in [canonical, "https://\(canonical)/path"] {
            guard let again = try? TargetText(parsing: form) else {
                throw BrokenInvariant("a target's text is refused: \(form)")
            }
            try require(again.port == target.port, "another port: \(form)")
            try require(
                again.host.text == target.host.text || again.host.isDNS(host), "another host: \(form)")
        }
    }

    private static func idna(_ text: String) throws(BrokenInvariant) {
        guard let labels = try? IDNA.toASCII(text) else { return }
        try require(labels.utf8.allSatisfy { $0 < 0x80 && $0 != 0 }, "not ASCII")
        try require((try? IDNA.toASCII(labels)) == labels, "A-labels change: \(labels)")
    }

    private static func match(_ name: ReferenceIdentifier, _ presented: String) throws(BrokenInvariant) {
        guard case .dns(let reference, _) = name else { return }
        try require(NameMatch.matches(reference, reference), "a name does not match itself")
        guard NameMatch.matches(reference, presented) else { return }
        let (wanted, offered) = (labels(reference), labels(presented.lowercased()))
        try require(wanted.count == offered.count, "\(presented) stands for another number of labels")
        try require(wanted.dropFirst() == offered.dropFirst(), "\(presented) has other labels")
        try require(offered[0] == "*" || offered[0] == wanted[0], "\(presented) has another first label")
    }

    private static func labels(_ name: String) -> [Substring] {
        name.split(separator: ".", omittingEmptySubsequences: false)
    }
}

extension ReferenceIdentifier {
    fileprivate func isDNS(_ labels: String) -> Bool {
        if case .dns(let own, _) = self { own == labels } else { false }
    }
}
