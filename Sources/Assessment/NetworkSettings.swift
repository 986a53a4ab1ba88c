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
    private var clientCertificates = ClientCertificates()
    private var proxies: [String: Proxy] = [:]
    private var proxy: Proxy?
    private var isProxyNamed = false
    /// Folder for what was fetched; nil: memory only.
    private(set) var fetchCache: String?

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
                Self.isName(name)
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

    /// A folder, made when it is not there.
    package mutating func setFetchCache(_ path: String) throws(Malformed) { fetchCache = path }

    /// `http://HOST:PORT`, or the name of one of `setProxies`, which must come first. Credentials have a file
    /// of their own: a command line can be read by everybody.
    package mutating func setProxy(_ text: String) throws(Malformed) {
        if let named = proxies[text] {
            (proxy, isProxyNamed) = (named, true)
        } else if text.contains(":") {
            (proxy, isProxyNamed) = (try Self.proxy(text), false)
        } else {
            throw Malformed(text: "is http://HOST:PORT, or the name of an entry of proxies")
        }
    }

    /// Reads a file of one line, `user:password`.
    package mutating func setProxyCredentials(_ path: String) throws(Malformed) {
        let credentials = try Self.credentials(path[...])
        guard let proxy, !isProxyNamed else {
            throw Malformed(text: "is for a proxy that is given by its URL")
        }
        self.proxy = Proxy(host: proxy.host, port: proxy.port, credentials: credentials)
    }

    /// `NAME=http://HOST:PORT` or `NAME=http://HOST:PORT,FILE`, the file as above.
    package mutating func setProxies(_ texts: [String]) throws(Malformed) {
        proxies = [:]
        for text in texts {
            let parts = text.split(separator: "=", maxSplits: 1)
            let values = parts.last?.split(separator: ",", maxSplits: 1) ?? []
            guard parts.count == 2, let name = parts.first.map(String.init), let url = values.first,
                Self.isName(name)
            else { throw Malformed(text: "write NAME=http://HOST:PORT or NAME=http://HOST:PORT,FILE") }
            guard proxies[name] == nil else { throw Malformed(text: "\(name) is given twice") }
            let credentials = values.count > 1 ? try Self.credentials(values[1]) : nil
            proxies[name] = try Self.proxy(String(url), credentials)
        }
    }

    private static func proxy(_ text: String, _ credentials: String? = nil) throws(Malformed) -> Proxy {
        let form = Malformed(text: "write http://HOST:PORT, without user and path")
        guard text.hasPrefix("http://") else { throw form }
        let authority = text.dropFirst(7)
        do {
            let target = try TargetText(
                parsing: String(authority.hasSuffix("/") ? authority.dropLast() : authority))
            guard let port = target.port, target.scheme == nil else { throw form }
            return Proxy(host: target.host.text, port: port, credentials: credentials)
        } catch {
            throw form
        }
    }

    private static func credentials(_ path: Substring) throws(Malformed) -> String {
        let line = try read(path).prefix { $0 != 10 && $0 != 13 }
        guard line.contains(0x3A), line.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else {
            throw Malformed(text: "the file holds one line, user:password")
        }
        return Data(line).base64EncodedString()
    }

    private static func isName(_ text: String) -> Bool {
        (1...64).contains(text.utf8.count) && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
    }

    package var access: Access {
        var access = Access()
        (access.clientCertificates, access.proxy, access.proxies) = (clientCertificates, proxy, proxies)
        return access
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
