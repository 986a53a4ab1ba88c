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
        case answered(Row, Answer)
        case stopped
    }

    /// By reference, as all that a row holds while it waits for its peer: a value would be in the frame of
    /// each function that waits, and two thousand rows wait at once.
    private final class Row: Sendable {
        let index: Int
        let asked: Result<ScanRequest, OptionErrors>
        /// That it takes; certificates take one, too.
        let places: Int
        /// Nil: there is nobody to be asked.
        let handshakes: Int?

        init(_ index: Int, _ asked: Result<ScanRequest, OptionErrors>) {
            (self.index, self.asked) = (index, asked)
            let request = try? asked.get()
            places = max(1, request?.handshakes ?? 1)
            handshakes = request?.parsed.endpoint == nil ? nil : request?.handshakes
        }
    }

    /// What all rows of a run have in common.
    private final class Run<Answer: Sendable>: Sendable {
        let shared: SharedOptions
        let render: @Sendable (Report, ScanRequest?) -> Answer

        init(_ shared: SharedOptions, _ render: @escaping @Sendable (Report, ScanRequest?) -> Answer) {
            (self.shared, self.render) = (shared, render)
        }
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
        let run = Run(shared, render)
        return try await withThrowingTaskGroup(of: Event<Answer>.self) { group in
            group.addTask {
                await stop()
                return .stopped
            }
            // Also when `take` throws.
            defer { group.cancelAll() }
            var (next, places, underWay, mayBegin) = (0, 0, 0, true)
            var waiting: Row?
            while true {
                while mayBegin || underWay == 0, next < count, places < concurrency {
                    let begun =
                        waiting
                        ?? Row(next, Result { () throws(OptionErrors) in try shared.request(of: row(next)) })
                    // One that wants more than all places runs alone.
                    guard underWay == 0 || places + begun.places <= concurrency else {
                        waiting = begun
                        break
                    }
                    group.addTask {
                        guard let answer = await answer(begun, run) else { return .stopped }
                        return .answered(begun, answer)
                    }
                    waiting = nil
                    (next, places, underWay) = (next + 1, places + begun.places, underWay + 1)
                }
                guard underWay > 0, let event = try await group.next() else { return .complete }
                guard case .answered(let ended, let answer) = event else { return .stopped }
                (places, underWay) = (places - ended.places, underWay - 1)
                mayBegin = try await take(ended.index, answer)
            }
        }
    }

    /// Nil when it was cancelled before it began.
    private func answer<Answer: Sendable>(_ row: Row, _ run: Run<Answer>) async -> Answer? {
        guard let wanted = row.handshakes else { return finish(row, run, await posted(row)) }
        guard await slots.acquire(wanted) else { return nil }
        let begun = begin(row)
        if case .success(let checking) = begun { await checking.collect() }
        slots.release(wanted)
        return finish(row, run, begun.map(\.report))
    }

    /// Of a row that brings its certificates, or cannot be used.
    private func posted(_ row: Row) async -> Result<Report, OptionErrors> {
        do throws(OptionErrors) {
            let (request, now) = (try row.asked.get(), clock())
            return .success(
                try await assessor.validate(
                    request.parsed, given: request.given, now: now, id: newID(now)))
        } catch {
            return .failure(error)
        }
    }

    // Nothing in these two waits, and what they need is not to be in the frame of one that does.

    @inline(never)
    private func begin(_ row: Row) -> Result<Checking, OptionErrors> {
        Result { () throws(OptionErrors) in
            let (request, now) = (try row.asked.get(), clock())
            return try Checking(assessor, request.parsed, given: request.given, now: now, id: newID(now))
        }
    }

    @inline(never)
    private func finish<Answer: Sendable>(
        _ row: Row, _ run: Run<Answer>, _ judged: Result<Report, OptionErrors>
    ) -> Answer {
        do throws(OptionErrors) {
            let request = try row.asked.get()
            var report = try judged.get()
            report.row = row.index
            report.evidence?.row = row.index
            return run.render(report, request)
        } catch {
            let now = clock()
            return run.render(
                .refused(row: row.index, error, options: run.shared.options, now: now, id: newID(now)), nil)
        }
    }

    /// Throws what is wrong with the options of all rows beyond their form: stores that are not loaded,
    /// certificates that are none.
    package func check(_ shared: SharedOptions) throws(OptionErrors) {
        try assessor.check(shared.options)
    }
}

extension Result {
    /// As `Result(catching:)`, typed.
    fileprivate init(_ body: () throws(Failure) -> Success) {
        do { self = .success(try body()) } catch { self = .failure(error) }
    }
}
