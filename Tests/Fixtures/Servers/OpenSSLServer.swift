/// `openssl s_server` on loopback with the chain of a test, on a port that the kernel chose. It serves one
/// client at a time and answers any request with a status page.
package final class OpenSSLServer: Sendable {
    package let port: UInt16
    private let process: ServerProcess
    private let folder: TemporaryFolder

    /// - Parameters:
    ///   - presented: what is sent, in this order; the first with its private key.
    ///   - address: an IPv4 or IPv6 literal.
    ///   - port: 0 leaves the choice to the kernel.
    ///   - arguments: more of `s_server`'s options, `-tls1_2` or `-Verify 1` say.
    package init(
        _ presented: [FixtureCertificate], address: String = "127.0.0.1", port: UInt16 = 0,
        arguments: [String] = []
    ) async throws {
        folder = try TemporaryFolder()
        // The first certificate of `-cert` is the end entity, `-cert_chain` is sent after it as it is.
        let leaf = try folder.write("leaf.pem", presented.prefix(1).pem)
        let key = try folder.write("leaf.key", presented.first?.keyPEM ?? "")
        let rest = try folder.write("chain.pem", presented.dropFirst().pem)
        var all = [
            "s_server", "-accept", address.contains(":") ? "[\(address)]:\(port)" : "\(address):\(port)",
            "-www", "-cert",
            leaf,
            "-key", key,
        ]
        all += arguments.contains("-dhparam") ? [] : ["-no_dhe"]
        all += presented.count > 1 ? ["-cert_chain", rest, "-no-CAfile"] : []
        all += ["-no-CApath", "-no-CAstore"] + arguments
        (process, self.port) = try await ServerProcess.start("openssl", all) { text in
            // Of a port that was given it says no more than that it listens.
            port == 0 ? Self.port(in: text) : text.contains("ACCEPT\n") ? port : nil
        }
    }

    package func stop() { process.stop() }

    /// From the line `ACCEPT 127.0.0.1:40123`, which is written once the socket listens.
    private static func port(in text: String) -> UInt16? {
        for line in text.split(separator: "\n").dropLast(text.hasSuffix("\n") ? 0 : 1) {
            guard line.hasPrefix("ACCEPT "), let colon = line.lastIndex(of: ":") else { continue }
            return UInt16(line[line.index(after: colon)...])
        }
        return nil
    }
}
