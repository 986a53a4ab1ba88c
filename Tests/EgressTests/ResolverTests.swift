import Egress
import Fixtures
import Testing

@Suite(.timeLimit(.minutes(1))) struct ResolverTests {
    static let table: [String: NameServer.Answer] = [
        "both.test": .addresses(a: [[192, 0, 2, 1], [192, 0, 2, 2]], aaaa: [v6]),
        "four.test": .addresses(a: [[192, 0, 2, 3]]),
        "six.test": .addresses(aaaa: [v6]),
        "mail.test": .addresses(),
        "broken.test": .serverFailure,
        "silent.test": .silence,
    ]
    static let v6: [UInt8] = [0x20, 1, 0xd, 0xb8] + [UInt8](repeating: 0, count: 11) + [1]

    private static func resolve(
        _ name: String, timeout: Duration = .seconds(10)
    ) async throws -> Result<Set<String>, ResolutionFailure> {
        let server = try NameServer(table)
        defer { server.stop() }
        let resolver = Resolver(hosts: HostsFile(contents: ""), servers: server.address)
        do throws(ResolutionFailure) {
            return .success(Set(try await resolver.addresses(of: name, timeout: timeout).map(\.description)))
        } catch {
            return .failure(error)
        }
    }

    @Test(arguments: [
        ("both.test", ["192.0.2.1", "192.0.2.2", "2001:db8::1"]), ("four.test", ["192.0.2.3"]),
        ("six.test", ["2001:db8::1"]), ("BOTH.test", ["192.0.2.1", "192.0.2.2", "2001:db8::1"]),
        ("four.test.", ["192.0.2.3"]),
    ])
    func found(_ name: String, _ addresses: [String]) async throws {
        #expect(try await Self.resolve(name) == .success(Set(addresses)))
    }

    @Test(arguments: [
        ("absent.test", ResolutionFailure.nameNotFound), ("mail.test", .noAddress), ("", .nameNotFound),
        ("a..test", .nameNotFound), (String(repeating: "a.", count: 200) + "test", .nameNotFound),
    ])
    func failures(_ name: String, _ failure: ResolutionFailure) async throws {
        #expect(try await Self.resolve(name) == .failure(failure))
    }

    @Test("a name server that fails is not a name that does not exist") func serverFailure() async throws {
        guard case .failure(.resolverFailed(let text)) = try await Self.resolve("broken.test") else {
            Issue.record("no failure of the resolver")
            return
        }
        #expect(!text.isEmpty)
    }

    @Test("nobody waits beyond the deadline") func silence() async throws {
        let server = try NameServer(Self.table)
        defer { server.stop() }
        // Five servers and three tries: c-ares by itself would give up after 17.5 s.
        let servers = Array(repeating: server.address, count: 5).joined(separator: ",")
        let resolver = Resolver(hosts: HostsFile(contents: ""), servers: servers)
        let began = ContinuousClock.now
        await #expect(throws: ResolutionFailure.timeout) {
            try await resolver.addresses(of: "silent.test", timeout: .milliseconds(200))
        }
        let waited = ContinuousClock.now - began
        #expect(waited >= .milliseconds(200) && waited < .seconds(10))
    }

    @Test("one name asked by many at once is one lookup") func coalesced() async throws {
        let server = try NameServer(["slow.test": .silence])
        defer { server.stop() }
        let resolver = Resolver(hosts: HostsFile(contents: ""), servers: server.address)
        await withTaskGroup { group in
            for _ in 0..<200 {
                group.addTask {
                    _ = try? await resolver.addresses(of: "slow.test", timeout: .milliseconds(300))
                }
            }
        }
        // A and AAAA for each of 200 askers would be 400 questions; one lookup and its retries are a handful.
        #expect(server.questions(for: "slow.test") < 40)
    }

    @Test("many names at once lose no answer") func many() async throws {
        let names = (0..<500).map { "n\($0).test" }
        let server = try NameServer(
            Dictionary(uniqueKeysWithValues: names.map { ($0, .addresses(a: [[192, 0, 2, 9]])) }))
        defer { server.stop() }
        let resolver = Resolver(hosts: HostsFile(contents: ""), servers: server.address)
        let found = await withTaskGroup(of: Bool.self) { group in
            for name in names {
                group.addTask { (try? await resolver.addresses(of: name, timeout: .seconds(20)))?.count == 1 }
            }
            return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        #expect(found == names.count)
    }

    @Test("the hosts file comes first, localhost always exists") func hosts() async throws {
        let hosts = HostsFile(
            contents: """
                # comment
                192.0.2.7  Alpha.test alpha  # more
                2001:db8::7\talpha.test
                192.0.2.7 alpha.test
                nonsense beta.test
                """)
        #expect(hosts["alpha.test."]?.map(\.description) == ["192.0.2.7", "2001:db8::7"])
        #expect(hosts["ALPHA"]?.map(\.description) == ["192.0.2.7"])
        #expect(hosts["beta.test"] == nil && hosts["more"] == nil)
        #expect(hosts["x.localhost"]?.map(\.description) == ["127.0.0.1", "::1"])
        let resolver = Resolver(hosts: hosts, servers: "127.0.0.1:1")
        #expect(try await resolver.addresses(of: "alpha", timeout: .zero).map(\.description) == ["192.0.2.7"])
    }
}
