import Fixtures
import Foundation

/// Programs that know the names of a hosts file of the test's. It takes a mount namespace, and thus root.
enum NamedHosts {
    static var areAllowed: Bool { geteuid() == 0 }

    /// The program, and the port of 127.0.0.1 that it says it listens on.
    static func start(
        _ program: String, _ arguments: [String], hosts: String
    ) async throws -> (ServerProcess, UInt16) {
        let mount = "mount --bind \"$1\" /etc/hosts && shift && exec \"$@\""
        return try await ServerProcess.start(
            "unshare", ["-m", "sh", "-c", mount, "_", hosts, program] + arguments, within: .seconds(30)
        ) { text in
            // Prometheus tells the address it was given first.
            text.split(separator: "\n").filter { $0.contains("istening") }
                .flatMap { $0.matches(of: /127\.0\.0\.1:(\d+)/) }.lazy
                .compactMap { UInt16($0.1) }.first { $0 != 0 }
        }
    }
}
