import Egress

/// How probes may use the network, as the operator says it: never part of a request.
package struct NetworkSettings: Sendable, Equatable {
    /// Nil: everything when only this host can ask, else public addresses.
    private var base: EgressPolicy.Base?
    private var allowed: [EgressRule] = []
    private var denied: [EgressRule] = []
    private(set) var limits = DestinationLimits()

    package init() {}

    /// A text that is none of what the setting takes; what it takes.
    package struct Malformed: Error {
        package var text: String
    }

    package mutating func setEgress(_ text: String) throws(Malformed) {
        guard let base = EgressPolicy.Base(rawValue: text) else {
            let all = EgressPolicy.Base.allCases.map(\.rawValue).joined(separator: ", ")
            throw Malformed(text: "is one of \(all)")
        }
        self.base = base
    }

    package mutating func setAllowed(_ texts: [String]) throws(Malformed) { allowed = try Self.rules(texts) }

    package mutating func setDenied(_ texts: [String]) throws(Malformed) { denied = try Self.rules(texts) }

    /// A limit that was chosen holds for loopback, too.
    package mutating func setConnections(_ text: String) throws(Malformed) {
        limits.connections = try Self.number(text)
        limits.sparesLoopback = false
    }

    package mutating func setRate(_ text: String) throws(Malformed) {
        limits.perSecond = try Self.number(text)
        limits.sparesLoopback = false
    }

    /// - Parameter allowsPrivate: what counts when the operator chose no base; false where strangers may say
    ///   what is dialled.
    package func policy(allowsPrivate: Bool) -> EgressPolicy {
        EgressPolicy(
            base ?? EgressPolicy(allowsPrivate: allowsPrivate).base, allowed: allowed, denied: denied)
    }

    private static func rules(_ texts: [String]) throws(Malformed) -> [EgressRule] {
        var rules: [EgressRule] = []
        for text in texts.flatMap({ $0.split(separator: ",", omittingEmptySubsequences: false) }) {
            guard let rule = EgressRule(String(text)) else {
                throw Malformed(
                    text: "\(text) is no rule: write 10.0.0.0/8, 192.0.2.7, [2001:db8::/32]:443, "
                        + "corp.example (and all below it), corp.example:8000-8999 or *:25")
            }
            rules.append(rule)
        }
        return rules
    }

    /// More than this no descriptor table and no port range of one host can hold.
    private static let mostConnections = 60_000

    private static func number(_ text: String) throws(Malformed) -> Int {
        guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(text),
            (1...mostConnections).contains(number)
        else { throw Malformed(text: "is a number from 1 to \(mostConnections)") }
        return number
    }
}
