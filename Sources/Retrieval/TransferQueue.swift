import CCurl
import Egress
import Reports
import Synchronization

/// One request to one vetted address.
struct TransferRequest: Sendable {
    var url: FetchURL
    /// Resolved and vetted; nothing else is dialled.
    var address: IPAddress
    /// Nil: GET.
    var post: [UInt8]?
    var headers: [String] = []
    var limits: TransferLimits
    var deadline: ContinuousClock.Instant
    /// Of the time until the deadline, what the connection may take.
    var connectBy: ContinuousClock.Instant
    /// Whom the socket really goes to when there is a proxy.
    var proxy: DialledProxy?
    /// Where a large body may be kept later.
    var folder: String?
    /// The egress policy, asked again for the address that the socket has.
    var allows: @Sendable (IPAddress, UInt16) -> Bool
}

struct TransferAnswer: Sendable {
    enum Body: Sendable {
        case bytes([UInt8])
        case spilled(Spill)
    }

    var headers: AnswerHeaders
    /// Empty unless the status is 200.
    var body: Body
}

struct TransferFailure: Error, Sendable {
    var failure: FetchFailure
    /// Whether a server was reached, so that another address of it would do no better.
    var hasConnected: Bool
}

typealias TransferResult = Result<TransferAnswer, TransferFailure>

/// What callers hand to the transfer thread. Its life is a state machine, because libcurl's wake-up must not
/// be called once the handle is being cleaned up: running, closing, and gone.
final class TransferQueue: Sendable {
    /// Requests that may wait for a free transfer: a scan of a thousand hosts, four URLs each.
    static let maximumWaiting = 4096

    struct Job: Sendable {
        let id: Int
        let request: TransferRequest
        let promise: Promise<TransferResult>
    }

    /// libcurl's handle, of which other threads may use the wake-up alone.
    fileprivate struct Multi: @unchecked Sendable {
        let pointer: UnsafeMutableRawPointer
    }

    fileprivate enum Life {
        /// The handle to wake; nil until the thread has made it.
        case running(Multi?)
        case closing(Multi?)
        case gone
    }

    fileprivate struct State {
        var life = Life.running(nil)
        var jobs: [Job] = []
        var cancelled: [Int] = []
        var lastID = 0
        /// Handed in and not finished.
        var open = 0
        var awaitingEnd: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())

    /// Never waits longer than the request's deadline; a cancelled task waits no longer at all.
    func perform(_ request: TransferRequest) async -> TransferResult {
        let promise = Promise<TransferResult>()
        let id = state.withLock { state in
            state.lastID += 1
            return state.lastID
        }
        return await withTaskCancellationHandler {
            await promise.answer { put(Job(id: id, request: request, promise: promise)) }
        } onCancel: {
            promise.resume(returning: Self.failure(.budget, "given up"))
            cancel(id)
        }
    }

    static func failure(_ code: FetchFailure.Code, _ detail: String) -> TransferResult {
        .failure(TransferFailure(failure: FetchFailure(code, detail), hasConnected: false))
    }

    private func put(_ job: Job) {
        let refused: String? = state.withLock { state in
            guard case .running = state.life else { return "the service is stopping" }
            guard state.open < Self.maximumWaiting else { return "too many fetches are waiting" }
            // Cancelled before it was handed in: its cancellation may be taken already.
            if !job.promise.isOver {
                state.open += 1
                state.jobs.append(job)
                state.wake()
            }
            return nil
        }
        if let refused { job.promise.resume(returning: Self.failure(.budget, refused)) }
    }

    private func cancel(_ id: Int) {
        state.withLock { state in
            guard case .running = state.life else { return }
            state.cancelled.append(id)
            state.wake()
        }
    }

    /// Ends all transfers and the thread; a second call does nothing.
    func close() {
        state.withLock { state in
            guard case .running(let multi) = state.life else { return }
            state.life = .closing(multi)
            state.wake()
        }
    }

    /// Returns when the thread has given everything back.
    func ended() async {
        await withCheckedContinuation { continuation in
            let isGone = state.withLock { state in
                if case .gone = state.life { return true }
                state.awaitingEnd.append(continuation)
                return false
            }
            if isGone { continuation.resume() }
        }
    }
}

// The thread's side.
extension TransferQueue {
    func began(_ pointer: UnsafeMutableRawPointer) {
        let multi = Multi(pointer: pointer)
        state.withLock { state in
            switch state.life {
            case .running: state.life = .running(multi)
            case .closing: state.life = .closing(multi)
            case .gone: break
            }
        }
    }

    /// Jobs and cancellations since the last call; a job comes before its own cancellation.
    func take() -> (jobs: [Job], cancelled: [Int], isClosing: Bool) {
        state.withLock { state in
            defer { (state.jobs, state.cancelled) = ([], []) }
            if case .running = state.life { return (state.jobs, state.cancelled, false) }
            return (state.jobs, state.cancelled, true)
        }
    }

    func finished(_ job: Job, _ result: TransferResult) {
        state.withLock { $0.open -= 1 }
        job.promise.resume(returning: result)
    }

    /// From here on nobody wakes the handle, which is then cleaned up.
    func end(cleanUp: () -> Void) {
        let (left, waiting) = state.withLock { state in
            state.life = .gone
            defer { (state.jobs, state.awaitingEnd) = ([], []) }
            return (state.jobs, state.awaitingEnd)
        }
        for job in left { finished(job, Self.failure(.budget, "the service is stopping")) }
        cleanUp()
        for continuation in waiting { continuation.resume() }
    }
}

extension TransferQueue.State {
    /// Inside the lock, so that the handle cannot go meanwhile.
    fileprivate func wake() {
        switch life {
        case .running(let multi?), .closing(let multi?): curl_multi_wakeup(multi.pointer)
        default: break
        }
    }
}
