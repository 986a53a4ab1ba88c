import Certificates
import Reports
import Validation

/// Many questions at once, each answered as if it had been asked alone.
///
/// Rows begin in their order and are answered as they come to an end. A row holds its place among those under
/// way until its answer has been taken, so a reader who is slow slows the scan, and what is held in memory
/// does not grow with the number of rows.
package struct Scan: Sendable {
    /// Rows under way. Hung peers hold theirs for the whole time-out: at 700 hosts a second, which two cores
    /// manage, 5 % of them at 8 s hold 280, and the others need 70 at a tenth of a second each.
    package static let standardConcurrency = 500
    package static let maximumConcurrency = ScanSlots.standard

    private let assessor: Assessor
    private let slots: ScanSlots
    private let clock: @Sendable () -> Instant
    private let newID: @Sendable (Instant) -> String

    /// - Parameters:
    ///   - slots: shared by all scans of the process.
    ///   - clock: the instant of each row's check.
    ///   - newID: the id of a report made at that instant.
    package init(
        assessor: Assessor, slots: ScanSlots, clock: @escaping @Sendable () -> Instant,
        newID: @escaping @Sendable (Instant) -> String
    ) {
        (self.assessor, self.slots, self.clock, self.newID) = (assessor, slots, clock, newID)
    }

    /// Whether every row was answered.
    package enum End: Sendable { case complete, stopped }

    private enum Event<Answer: Sendable>: Sendable {
        case answered(row: Int, places: Int, Answer)
        case stopped
    }

    /// Answers `count` rows.
    ///
    /// - Parameters:
    ///   - row: the options of one row; asked for once, when the row begins.
    ///   - concurrency: places of rows under way; one that asks many addresses takes as many.
    ///   - stop: returns when nobody wants more answers; what is under way is then cancelled.
    ///   - render: on a worker, so that a report lives no longer than it must.
    ///   - take: one at a time, in the order in which rows end. Answers whether further rows may begin now;
    ///     what it throws ends the scan and cancels everything.
    package func run<Answer: Sendable>(
        _ count: Int, row: @Sendable (Int) -> [OptionInput], shared: SharedOptions,
        concurrency: Int = Scan.standardConcurrency, until stop: @escaping @Sendable () async -> Void,
        render: @escaping @Sendable (Report, ScanRequest?) -> Answer,
        take: (Int, Answer) async throws -> Bool
    ) async throws -> End {
        try await withThrowingTaskGroup(of: Event<Answer>.self) { group in
            group.addTask {
                await stop()
                return .stopped
            }
            // Also when `take` throws.
            defer { group.cancelAll() }
            var (next, places, underWay, mayBegin) = (0, 0, 0, true)
            var request: Result<ScanRequest, OptionErrors>?
            while true {
                while mayBegin || underWay == 0, next < count, places < concurrency {
                    let asked =
                        request ?? Result { () throws(OptionErrors) in try shared.request(of: row(next)) }
                    let wanted = (try? asked.get()).map { max(1, $0.handshakes) } ?? 1
                    // One that wants more than all places runs alone.
                    guard underWay == 0 || places + wanted <= concurrency else {
                        request = asked
                        break
                    }
                    let index = next
                    group.addTask {
                        guard let answer = await answer(index, asked, shared, render) else { return .stopped }
                        return .answered(row: index, places: wanted, answer)
                    }
                    request = nil
                    (next, places, underWay) = (next + 1, places + wanted, underWay + 1)
                }
                guard underWay > 0, let event = try await group.next() else { return .complete }
                guard case .answered(let index, let held, let answer) = event else { return .stopped }
                (places, underWay) = (places - held, underWay - 1)
                mayBegin = try await take(index, answer)
            }
        }
    }

    /// Nil when it was cancelled before it began.
    private func answer<Answer: Sendable>(
        _ index: Int, _ asked: Result<ScanRequest, OptionErrors>, _ shared: SharedOptions,
        _ render: (Report, ScanRequest?) -> Answer
    ) async -> Answer? {
        do throws(OptionErrors) {
            let request = try asked.get()
            guard var report = try await report(request) else { return nil }
            report.row = index
            report.evidence?.row = index
            return render(report, request)
        } catch {
            let now = clock()
            return render(
                .refused(row: index, error, options: shared.options, now: now, id: newID(now)), nil)
        }
    }

    private func report(_ request: ScanRequest) async throws(OptionErrors) -> Report? {
        guard request.parsed.endpoint != nil else {
            let now = clock()
            return try assessor.validate(request.parsed, given: request.given, now: now, id: newID(now))
        }
        let answer = await slots.with(request.handshakes) {
            let now = clock()
            return await Result { () async throws(OptionErrors) in
                try await assessor.check(request.parsed, given: request.given, now: now, id: newID(now))
            }
        }
        return try answer?.get()
    }

    /// Throws what is wrong with the options of all rows beyond their form: stores that are not loaded,
    /// certificates that are none.
    package func check(_ shared: SharedOptions) throws(OptionErrors) {
        try assessor.check(shared.options)
    }
}

extension Result {
    /// As `Result(catching:)`, typed, for what must be awaited.
    fileprivate init(_ body: () async throws(Failure) -> Success) async {
        do { self = .success(try await body()) } catch { self = .failure(error) }
    }

    fileprivate init(_ body: () throws(Failure) -> Success) {
        do { self = .success(try body()) } catch { self = .failure(error) }
    }
}
