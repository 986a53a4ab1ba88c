import Foundation

/// `openssl ocsp` as the responder of a CA, which signs by itself.
package final class OCSPResponder: Sendable {
    package enum Status: Sendable {
        case good
        /// `YYMMDDHHMMSSZ`, and a reason of RFC 5280 §5.3.1 as libcrypto writes it, such as `keyCompromise`.
        case revoked(at: String, reason: String? = nil)
    }

    package enum Failure: Error { case openssl(String) }

    /// `http://127.0.0.1:PORT`
    package let url: String
    private let process: ServerProcess
    private let folder: TemporaryFolder

    /// What it is not told of is unknown.
    ///
    /// - Parameter arguments: further ones of `openssl ocsp`.
    package init(
        _ authority: Authority, _ statuses: [(certificate: FixtureCertificate, status: Status)],
        _ arguments: [String] = []
    ) async throws {
        let folder = try TemporaryFolder()
        self.folder = folder
        let lines = statuses.map { Self.line($0.certificate, $0.status) }
        try folder.write("index", lines.joined())
        try folder.write("ca.pem", authority.certificate.pem)
        try folder.write("ca.key", authority.certificate.keyPEM)
        // It takes a number and no address, so a free one is sought.
        let peer = try WebPeer { _, _ in [] }
        let port = peer.port
        peer.stop()
        url = "http://127.0.0.1:\(port)"
        let command = """
            until openssl ocsp -index index -CA ca.pem -rsigner ca.pem -rkey ca.key -port \(port) "$@" || \
            [ $? -gt 1 ]; do sleep 0.1; done
            """
        process = try await ServerProcess.start(
            "sh", ["-c", command, "sh"] + arguments, folder: folder.path, within: .seconds(30)
        ) { $0.contains("waiting for OCSP client connections") ? true : nil }.process
    }

    package func stop() { process.stop() }

    /// An OCSPRequest as `openssl ocsp` makes it, without a nonce.
    package static func request(_ certificate: FixtureCertificate, _ authority: Authority) throws -> [UInt8] {
        let folder = try TemporaryFolder()
        let files = [
            try folder.write("issuer", authority.certificate.pem), try folder.write("leaf", certificate.pem),
        ]
        let place = folder.path + "/request"
        _ = try openssl([
            "ocsp", "-no_nonce", "-issuer", files[0], "-cert", files[1], "-reqout", place,
        ])
        return Array(try Data(contentsOf: URL(fileURLWithPath: place)))
    }

    /// What `openssl ocsp` makes of a response: `good`, `revoked` or `unknown`, or what it says instead.
    package static func status(
        _ response: [UInt8], of certificate: FixtureCertificate, _ authority: Authority
    ) throws -> String {
        let folder = try TemporaryFolder()
        let files = [
            try folder.write("issuer", authority.certificate.pem), try folder.write("leaf", certificate.pem),
            try folder.write("response", response),
        ]
        let text = try openssl([
            "ocsp", "-no_nonce", "-issuer", files[0], "-cert", files[1], "-respin", files[2], "-CAfile",
            files[0],
            "-partial_chain",
        ])
        let line = text.split(separator: "\n").first { $0.hasPrefix(files[1] + ": ") }
        return line.map { String($0.dropFirst(files[1].count + 2)) } ?? text
    }

    private static func openssl(_ arguments: [String]) throws -> String {
        let (process, output) = (Process(), Pipe())
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["openssl"] + arguments
        (process.standardOutput, process.standardError) = (output, output)
        try process.run()
        let text = String(decoding: try output.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw Failure.openssl(text) }
        return text
    }

    private static func line(_ certificate: FixtureCertificate, _ status: Status) -> String {
        let serial = certificate.serial.map { byte in
            (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
        }.joined()
        switch status {
        case .good: return "V\t491231235959Z\t\t\(serial)\tunknown\t/CN=leaf\n"
        case .revoked(let at, let reason):
            return "R\t491231235959Z\t\(at)\(reason.map { "," + $0 } ?? "")\t\(serial)\tunknown\t/CN=leaf\n"
        }
    }
}
