import Egress
import Foundation
import Probing
import Reports

/// How probes may use the network, as the operator says it: never part of a request.
package struct NetworkSettings: Sendable, Equatable {
    /// Nil: everything when only this host can ask, else public addresses.
    private var base: EgressPolicy.Base?
    private var allowed: [EgressRule] = []
    private var denied: [EgressRule] = []
    private(set) var limits = DestinationLimits()
    private(set) var clientCertificates = ClientCertificates()
    private var proxyAddress: TargetText?
    private var proxyCredentials: String?

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

    /// Reads the files of `NAME=CERTIFICATES,KEY`, PEM both.
    package mutating func setClientCertificates(_ texts: [String]) throws(Malformed) {
        var pairs = ClientCertificates()
        for text in texts {
            let parts = text.split(separator: "=", maxSplits: 1)
            let files = parts.last?.split(separator: ",", omittingEmptySubsequences: false) ?? []
            guard parts.count == 2, files.count == 2, let name = parts.first.map(String.init),
                (1...64).contains(name.utf8.count), name.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
            else { throw Malformed(text: "write NAME=CERTIFICATES.pem,KEY.pem") }
            guard !pairs.contains(name) else { throw Malformed(text: "\(name) is given twice") }
            let certificates = try Self.read(files[0])
            let key = try Self.read(files[1])
            do throws(ClientCertificates.Failure) {
                try pairs.add(name, certificates: certificates, key: key)
            } catch {
                throw Malformed(text: "\(name): \(error.text)")
            }
        }
        clientCertificates = pairs
    }

    /// `http://HOST:PORT`. Credentials have a file of their own: a command line can be read by everybody.
    package mutating func setProxy(_ text: String) throws(Malformed) {
        let form = Malformed(text: "write http://HOST:PORT, without user and path")
        guard text.hasPrefix("http://") else { throw form }
        let authority = text.dropFirst(7)
        do {
            let target = try TargetText(
                parsing: String(authority.hasSuffix("/") ? authority.dropLast() : authority))
            guard target.port != nil, target.scheme == nil else { throw form }
            proxyAddress = target
        } catch {
            throw form
        }
    }

    /// Reads a file of one line, `user:password`.
    package mutating func setProxyCredentials(_ path: String) throws(Malformed) {
        let line = try Self.read(path[...]).prefix { $0 != 10 && $0 != 13 }
        guard line.contains(0x3A), line.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else {
            throw Malformed(text: "the file holds one line, user:password")
        }
        proxyCredentials = Data(line).base64EncodedString()
    }

    var proxy: Proxy? {
        proxyAddress.flatMap { target in
            target.port.map { Proxy(host: target.host.text, port: $0, credentials: proxyCredentials) }
        }
    }

    /// A chain and a key are a few kilobytes.
    private static let fileLimit = 1 << 20

    private static func read(_ path: Substring) throws(Malformed) -> [UInt8] {
        let file = FileHandle(forReadingAtPath: String(path))
        guard let file, let data = try? file.read(upToCount: fileLimit) else {
            throw Malformed(text: "the file cannot be read: \(path)")
        }
        return [UInt8](data)
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
