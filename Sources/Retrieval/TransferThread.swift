import CCurl
import Glibc
import Reports

/// The thread that owns libcurl's multi handle; only `TransferQueue` is shared.
final class TransferThread {
    private let queue: TransferQueue
    /// Oldest first.
    private var waiting: [TransferQueue.Job] = []
    private var running: [Int: Transfer] = [:]
    private var ids: [UnsafeMutableRawPointer: Int] = [:]

    private init(queue: TransferQueue) { self.queue = queue }

    static func start(queue: TransferQueue) {
        let boxed = Unmanaged.passRetained(TransferThread(queue: queue))
        var thread = pthread_t()
        if pthread_create(&thread, nil, transferMain, boxed.toOpaque()) == 0 {
            pthread_detach(thread)
        } else {
            boxed.release()
            queue.end {}
        }
    }

    /// libcurl wants one call before any other, made once.
    private static let libraryStatus = curl_global_init(Int(CURL_GLOBAL_DEFAULT))

    fileprivate func run() {
        guard Self.libraryStatus == CURLE_OK, let multi = curl_multi_init() else { return queue.end {} }
        // No connection is kept, so none need be remembered.
        catenary_curl_multi_set_long(multi, CURLMOPT_MAXCONNECTS, 1)
        catenary_curl_multi_set_long(multi, CURLMOPT_PIPELINING, Int(CURLPIPE_NOTHING))
        queue.began(multi)
        while true {
            let (jobs, cancelled, isClosing) = queue.take()
            waiting += jobs
            if isClosing { break }
            for id in cancelled { cancel(id, multi) }
            expire()
            launch(multi)
            var count: Int32 = 0
            curl_multi_perform(multi, &count)
            // What finished made room for what waits.
            if finish(multi), !waiting.isEmpty { continue }
            curl_multi_poll(multi, nil, 0, waitMilliseconds(), nil)
        }
        let stopping = TransferQueue.failure(.budget, "the service is stopping")
        for (_, transfer) in running { remove(transfer, multi, stopping) }
        for job in waiting { queue.finished(job, stopping) }
        (waiting, running) = ([], [:])
        queue.end { curl_multi_cleanup(multi) }
    }

    private func cancel(_ id: Int, _ multi: UnsafeMutableRawPointer) {
        let given = TransferQueue.failure(.budget, "given up")
        if let transfer = running.removeValue(forKey: id) {
            remove(transfer, multi, given)
        } else if let index = waiting.firstIndex(where: { $0.id == id }) {
            queue.finished(waiting.remove(at: index), given)
        }
    }

    /// Ends the waiting of those whose time is over before their turn came.
    private func expire() {
        let now = ContinuousClock.now
        guard waiting.contains(where: { $0.request.deadline <= now }) else { return }
        let late = TransferQueue.failure(.timeout, "no transfer was free in time")
        for job in waiting where job.request.deadline <= now { queue.finished(job, late) }
        waiting.removeAll { $0.request.deadline <= now }
    }

    private func launch(_ multi: UnsafeMutableRawPointer) {
        guard !waiting.isEmpty else { return }
        var large = running.values.count { $0.job.request.limits.isLarge }
        var left: [TransferQueue.Job] = []
        for job in waiting {
            let isLarge = job.request.limits.isLarge
            guard running.count < TransferLimits.transfers, !isLarge || large < TransferLimits.largeTransfers
            else {
                left.append(job)
                continue
            }
            guard let transfer = Transfer(job), curl_multi_add_handle(multi, transfer.easy) == CURLM_OK else {
                queue.finished(job, TransferQueue.failure(.transfer, "libcurl refuses its settings"))
                continue
            }
            running[job.id] = transfer
            ids[transfer.easy] = job.id
            large += isLarge ? 1 : 0
        }
        waiting = left
    }

    /// Whether any ended.
    private func finish(_ multi: UnsafeMutableRawPointer) -> Bool {
        var (ended, left) = (false, Int32(0))
        while let message = curl_multi_info_read(multi, &left) {
            guard message.pointee.msg == CURLMSG_DONE, let easy = message.pointee.easy_handle,
                let id = ids[easy], let transfer = running.removeValue(forKey: id)
            else { continue }
            remove(transfer, multi, transfer.result(message.pointee.data.result))
            ended = true
        }
        return ended
    }

    private func remove(
        _ transfer: Transfer, _ multi: UnsafeMutableRawPointer, _ result: TransferResult
    ) {
        curl_multi_remove_handle(multi, transfer.easy)
        ids[transfer.easy] = nil
        queue.finished(transfer.job, result)
    }

    /// A minute when nothing waits: whoever brings work wakes the thread.
    private func waitMilliseconds() -> Int32 {
        guard let next = waiting.lazy.map(\.request.deadline).min() else { return 60_000 }
        return Int32(clamping: min(60_000, max(0, (next - .now).milliseconds + 1)))
    }
}

private func transferMain(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let argument else { return nil }
    // libssl writes to connections whose peer has gone. Such a signal comes to the thread that writes.
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, SIGPIPE)
    pthread_sigmask(SIG_BLOCK, &signals, nil)
    Unmanaged<TransferThread>.fromOpaque(argument).takeRetainedValue().run()
    return nil
}
