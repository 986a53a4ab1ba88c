import Fixtures
import Foundation
import Testing

@testable import Commands

/// A pair is named on the command line or in the file, presented, and never shown.
@Suite(.timeLimit(.minutes(1))) struct ClientCertificateTests {
    @Test func presented() async throws {
        let (chain, folder) = (StandardChains.good(), try TemporaryFolder())
        let client = StandardChains.intermediate.leaf("client.test") {
            $0.replace(.extendedKeyUsage(PurposeOID.clientAuth))
        }
        let certificate = try folder.write("c.pem", client.pem)
        let key = try folder.write("k.pem", client.keyPEM)
        let server = try await OpenSSLServer(chain.presented, arguments: ["-Verify", "3"])
        defer { server.stop() }
        let file = try folder.write(
            "catenary.yaml",
            "client_certificates: {corp: {certificate: \(certificate), key: \(key)}}\nlog_level: trace\n")
        let target = ["check", "127.0.0.1:\(server.port)", "--format", "json", "--client-certificate", "corp"]
        for setting in [["--config", file], ["--client-certificates", "corp=\(certificate),\(key)"]] {
            let run = try await BuiltProgram.run(target + setting)
            let named = #""client_certificate":{"name":"corp","requested":true,"#
            #expect(run.output.contains(named), "\(run.errors)")
            #expect(run.output.contains(#""presented":true,"refused":false"#))
            let secret = client.keyPEM.split(separator: "\n")[1]
            #expect(!(run.output + run.errors).contains(secret))
        }
        let unknown = try await BuiltProgram.run(target)
        #expect(unknown.errors.contains("corp") || unknown.output.contains("unknown_client_certificate"))
        #expect(unknown.status == 3)
    }

    @Test(arguments: [
        ("client_certificates: {corp: /a}", "write NAME: {certificate: PATH, key: PATH}"),
        ("client_certificates: [corp]", "write NAME="),
        ("client_certificates: 'a=/no,/no'", "cannot be read"),
    ])
    func mistakes(_ text: String, _ detail: String) throws {
        let error = #expect(throws: SettingsError.self) {
            try Settings.resolve(
                flags: [:], environment: [:], file: try ConfigurationFile.parse(text, path: "c.yaml"))
        }
        #expect(error?.detail.contains(detail) == true, "\(error?.description ?? "")")
    }
}
