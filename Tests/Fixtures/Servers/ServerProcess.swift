import Glibc
import Synchronization

/// A server of somebody else's, run as a child process and killed with all its own children when the last
/// reference goes, or when this process ends in whatever way.
package final class ServerProcess: Sendable {
    package enum Failure: Error {
        /// The program could not be started: errno and its text.
        case notStarted(String)
        /// The program ended or said nothing in time; with what it said.
        case notReady(String)
    }

    private let server: Child
    private let guardian: Child
    /// Held open, the server's and the guardian's input. Some servers leave at the end of theirs.
    private let input: (mine: Int32, theirs: Int32)
    private let output: Int32

    /// Starts `program` (a path, or a name in PATH) and waits until `ready` finds what it wants in the
    /// output.
    package static func start<Ready: Sendable>(
        _ program: String, _ arguments: [String], environment: [String: String] = [:],
        folder: String = "/", within limit: Duration = .seconds(10),
        ready: @escaping @Sendable (String) -> Ready?
    ) async throws -> (process: ServerProcess, ready: Ready) {
        let server = try ServerProcess(program, arguments, environment, folder)
        let deadline = ContinuousClock.now + limit
        while ContinuousClock.now < deadline {
            if let found = ready(server.text) { return (server, found) }
            if server.server.hasEnded { break }
            try await Task.sleep(for: .milliseconds(5))
        }
        if let found = ready(server.text) { return (server, found) }
        throw Failure.notReady("\(program) \(arguments.joined(separator: " ")): \(server.text)")
    }

    private init(
        _ program: String, _ arguments: [String], _ environment: [String: String], _ folder: String
    ) throws {
        var ends: [Int32] = [-1, -1]
        var name = Array("/tmp/catenary-output-XXXXXX".utf8CString)
        output = mkstemp(&name)
        unlink(name)
        guard output >= 0,
            socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &ends) == 0
        else { throw Failure.notStarted("no descriptors") }
        input = (ends[0], ends[1])
        server = try Child(
            ["env", "--chdir=\(folder)", program] + arguments, environment, input: input.theirs,
            output: output)
        do {
            // Its input ends when this process does.
            guardian = try Child(
                ["sh", "-c", "cat >/dev/null; kill -9 -\(server.id) \(server.id)"], [:],
                input: input.theirs, output: output)
        } catch {
            server.kill()
            throw error
        }
    }

    deinit {
        stop()
        for descriptor in [input.mine, input.theirs, output] { close(descriptor) }
    }

    /// Everything the server wrote by now.
    package var text: String {
        var bytes: [UInt8] = []
        var block = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = pread(output, &block, block.count, bytes.count)
            guard count > 0 else { return String(decoding: bytes, as: UTF8.self) }
            bytes += block.prefix(count)
        }
    }

    /// Kills the server and waits for its end; a second call does nothing.
    package func stop() {
        guardian.kill()
        server.kill()
    }

    /// A process that leads a session of its own.
    private final class Child: Sendable {
        let id: pid_t
        /// POSIX_SPAWN_SETSID of glibc's spawn.h, which Swift does not see.
        private static let newSession: Int16 = 0x80
        private let ended = Mutex(false)

        init(_ command: [String], _ environment: [String: String], input: Int32, output: Int32) throws {
            var actions = posix_spawn_file_actions_t()
            posix_spawn_file_actions_init(&actions)
            defer { posix_spawn_file_actions_destroy(&actions) }
            posix_spawn_file_actions_adddup2(&actions, input, 0)
            posix_spawn_file_actions_adddup2(&actions, output, 1)
            posix_spawn_file_actions_adddup2(&actions, output, 2)
            // All that other tests hold open stays theirs; one that is not open does no harm.
            for descriptor in 3..<Int32(1024) {
                posix_spawn_file_actions_addclose(&actions, descriptor)
            }
            var attributes = posix_spawnattr_t()
            posix_spawnattr_init(&attributes)
            defer { posix_spawnattr_destroy(&attributes) }
            posix_spawnattr_setflags(
                &attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF) | Self.newSession)
            var signals = sigset_t()
            sigemptyset(&signals)
            posix_spawnattr_setsigmask(&attributes, &signals)
            // What this process ignores, its children would ignore, too.
            sigaddset(&signals, SIGPIPE)
            posix_spawnattr_setsigdefault(&attributes, &signals)

            let variables = environment.map { "\($0)=\($1)" } + Self.inherited(without: environment)
            let arguments = command.map { strdup($0) } + [nil]
            let settings = variables.map { strdup($0) } + [nil]
            defer { for text in arguments + settings { free(text) } }
            var id: pid_t = 0
            let code = posix_spawnp(&id, command[0], &actions, &attributes, arguments, settings)
            guard code == 0 else {
                throw Failure.notStarted("\(command[0]): \(String(cString: strerror(code)))")
            }
            self.id = id
        }

        /// Of this process's environment all that is not set otherwise.
        private static func inherited(without names: [String: String]) -> [String] {
            ["PATH", "HOME", "TMPDIR"].compactMap { name in
                guard names[name] == nil, let value = getenv(name) else { return nil }
                return name + "=" + String(cString: value)
            }
        }

        var hasEnded: Bool {
            ended.withLock { ended in
                if !ended { ended = waitpid(id, nil, WNOHANG) != 0 }
                return ended
            }
        }

        func kill() {
            ended.withLock { ended in
                guard !ended else { return }
                Glibc.kill(-id, SIGKILL)
                Glibc.kill(id, SIGKILL)
                while waitpid(id, nil, 0) < 0 && errno == EINTR {}
                ended = true
            }
        }
    }
}
