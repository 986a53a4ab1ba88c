import Certificates
import Egress
import Fixtures
import Logging
import Reports
import Synchronization
import Testing
import TrustStores

@testable import Assessment

/// Many rows at once: in the order in which they end, as fast as the reader takes them, and no longer than he
/// stays.
@Suite struct ScanTests {
    private static func scan(slots: Int = ScanSlots.standard) throws -> Scan {
        let root = try Certificate.parse(der: StandardChains.root.certificate.der)
        let set = StoreSet([
            TrustStore(
                name: "mozilla", version: "1", origin: .shipped,
                client: Client(name: .libcrypto, completes: .nothing), anchors: [Anchor(certificate: root)])
        ])
        let stores = try CurrentStores { _ throws(TrustStoreError) in set }
        let assessor = try Assessor(
            stores: stores, policy: EgressPolicy(allowsPrivate: true), logger: Logger(label: "test"))
        let ids = Mutex(0)
        return Scan(assessor: assessor, slots: ScanSlots(slots), clock: { AssessorTests.now }) { _ in
            ids.withLock { ids in
                ids += 1
                return "\(ids)"
            }
        }
    }

    private static func pem(_ chain: StandardChain) -> [OptionInput] {
        OptionInput.query([("pem", chain.pem)])
    }

    private static func target(_ port: UInt16, _ options: [(String, String)] = []) -> [OptionInput] {
        OptionInput.query([("target", "127.0.0.1:\(port)")] + options)
    }

    private static let never: @Sendable () async -> Void = { try? await Task.sleep(for: .seconds(600)) }

    /// Everything, in the order in which it came.
    private static func all(
        _ rows: [[OptionInput]], shared: [(String, String)] = [], concurrency: Int = 50, slots: Int = 2_000
    ) async throws -> [Report] {
        var reports: [Report] = []
        let end = try await scan(slots: slots).run(
            rows.count, row: { rows[$0] }, shared: SharedOptions(OptionInput.query(shared)),
            concurrency: concurrency, until: never, render: { report, _ in report }
        ) { row, report in
            #expect(report.row == row)
            reports.append(report)
            return true
        }
        #expect(end == .complete)
        return reports
    }

    /// Hung peers hold up nobody else and cost one time-out in all.
    @Test(.timeLimit(.minutes(2))) func hungPeersCostOneTimeout() async throws {
        let silent = try SilentPeer()
        let good = Self.pem(StandardChains.good())
        // The first, and every twentieth.
        let rows = (0..<200).map { $0 % 20 == 0 ? Self.target(silent.port) : good }
        let began = ContinuousClock.now
        let reports = try await Self.all(rows, shared: [("timeout", "6s")])
        // One after another the ten would need a minute.
        #expect(ContinuousClock.now - began < .seconds(30))
        let (hung, others) = (reports.filter { $0.target != nil }, reports.filter { $0.target == nil })
        #expect(hung.count == 10 && hung.allSatisfy { $0.findings.first?.reason == .timeout })
        #expect(others.count == 190 && others.allSatisfy { $0.verdict == .trusted })
        // As many places as they are were left for the others all the time.
        #expect(reports.first?.verdict == .trusted && reports.last?.target != nil)
    }

    /// No row begins before one of those under way was taken, however slow the reader is.
    @Test func aSlowReaderSlowsTheScan() async throws {
        let good = Self.pem(StandardChains.good())
        let begun = Atomic<Int>(0)
        var taken = 0
        _ = try await Self.scan().run(
            300,
            row: { _ in
                begun.add(1, ordering: .relaxed)
                return good
            }, shared: SharedOptions([]), concurrency: 7, until: Self.never, render: { _, _ in () }
        ) { _, _ in
            #expect(begun.load(ordering: .relaxed) <= taken + 7)
            taken += 1
            if taken % 100 == 0 { try await Task.sleep(for: .milliseconds(20)) }
            return true
        }
        #expect(taken == 300 && begun.load(ordering: .relaxed) == 300)
    }

    /// A reader without room sees the rows under way come to an end, and no other begins until then.
    @Test func withoutRoomNothingBegins() async throws {
        let good = Self.pem(StandardChains.good())
        let begun = Atomic<Int>(0)
        var (taken, steps) = (0, [Int]())
        _ = try await Self.scan().run(
            20,
            row: { _ in
                begun.add(1, ordering: .relaxed)
                return good
            }, shared: SharedOptions([]), concurrency: 5, until: Self.never, render: { _, _ in () }
        ) { _, _ in
            taken += 1
            steps.append(begun.load(ordering: .relaxed))
            return false
        }
        // Five at first; then one whenever nothing is under way.
        #expect(taken == 20)
        #expect(steps == Array(repeating: 5, count: 5) + Array(6...20))
    }

    struct Gone: Error {}

    /// Who leaves is not waited for: what hangs is cut off.
    @Test(.timeLimit(.minutes(1))) func aReaderWhoLeavesEndsEverything() async throws {
        let silent = try SilentPeer()
        let rows = [Self.pem(StandardChains.good())] + Array(repeating: Self.target(silent.port), count: 200)
        let began = ContinuousClock.now
        await #expect(throws: Gone.self) {
            _ = try await Self.scan(slots: 20).run(
                rows.count, row: { rows[$0] }, shared: SharedOptions(OptionInput.query([("timeout", "60s")])),
                concurrency: 100, until: Self.never, render: { _, _ in () }
            ) { _, _ in throw Gone() }
        }
        #expect(ContinuousClock.now - began < .seconds(20))
    }

    @Test(.timeLimit(.minutes(1))) func aScanThatIsStopped() async throws {
        let silent = try SilentPeer()
        let rows = [Self.pem(StandardChains.good())] + Array(repeating: Self.target(silent.port), count: 50)
        let (stop, stopped) = AsyncStream.makeStream(of: Void.self)
        var taken: [Int] = []
        let end = try await Self.scan().run(
            rows.count, row: { rows[$0] }, shared: SharedOptions(OptionInput.query([("timeout", "60s")])),
            until: { for await _ in stop {} }, render: { _, _ in () }
        ) { row, _ in
            taken.append(row)
            stopped.finish()
            return true
        }
        #expect(end == .stopped)
        #expect(taken == [0])
    }

    /// The same row twice is two answers; a bad one is a report and fails no other.
    @Test func badRowsAndDuplicates() async throws {
        let good = Self.pem(StandardChains.good())
        let rows = [
            good, OptionInput.query([("target", "0x7f.1")]), good,
            OptionInput.query([("target", "a.example"), ("pem", "x")]),
            OptionInput.query([("pem", "no PEM")]),
            OptionInput.query([("target", "a.example:1"), ("port", "2")]),
            good + OptionInput.query([("stores", "nobody")]),
        ]
        let reports = try await Self.all(rows).sorted { ($0.row ?? 0) < ($1.row ?? 0) }
        #expect(Set(reports.map(\.id)).count == 7)
        let (first, third) = (reports[0], reports[2])
        #expect(first.verdict == .trusted && third.verdict == .trusted && first.leaf == third.leaf)
        for (row, reason) in [
            (1, Reason.targetMalformed), (3, .optionConflict), (4, .noCertificate), (5, .optionConflict),
            (6, .unknownStore),
        ] {
            let report = reports[row]
            #expect(report.findings.map(\.check) == [.inputTarget], "row \(row)")
            #expect(report.findings.map(\.reason) == [reason], "row \(row)")
            #expect(report.findings.first?.fix?.action == .checkRequest)
            #expect(report.verdict == .indeterminate && report.state == .critical)
            #expect(report.summary.isEmpty == false)
        }
    }

    /// A row that asks sixteen addresses waits until so many places are free, and runs all the same when
    /// there are never so many.
    @Test func rowsOfManyHandshakes() async throws {
        let silent = try SilentPeer()
        let wide = Self.target(silent.port, [("samples", "16"), ("timeout", "1s")])
        let reports = try await Self.all(
            [wide, Self.pem(StandardChains.good()), wide], concurrency: 4, slots: 3)
        #expect(reports.compactMap(\.row).sorted() == [0, 1, 2])
        #expect(reports.filter { $0.target != nil }.allSatisfy { $0.verdict == .unreachable })
    }

    @Test func noRows() async throws { #expect(try await Self.all([]).isEmpty) }
}

/// Slots are handed out in the order of asking; who is cancelled gets none.
@Suite struct ScanSlotsTests {
    private actor Open {
        var (now, most) = (0, 0)

        func add(_ count: Int) {
            now += count
            most = max(most, now)
        }
    }

    @Test func neverMoreThanThereAre() async {
        let slots = ScanSlots(5)
        let open = Open()
        await withTaskGroup(of: Void.self) { group in
            for index in 0..<100 {
                let count = 1 + index % 3
                group.addTask {
                    #expect(await slots.acquire(count))
                    await open.add(count)
                    await Task.yield()
                    await open.add(-count)
                    slots.release(count)
                }
            }
        }
        #expect((3...5).contains(await open.most))
    }

    @Test func cancelled() async {
        let slots = ScanSlots(1)
        #expect(await slots.acquire(1))
        let second = Task { await slots.acquire(1) }
        second.cancel()
        #expect(await second.value == false)
        slots.release(1)
        // More than there are: all of them.
        #expect(await slots.acquire(7))
    }
}
