import NIOCore

/// Runs a task on an event loop. What waits for one of the loop's channels goes on where the channel is: no
/// thread is woken for it, and no memory changes hands between threads.
final class LoopExecutor: TaskExecutor {
    private let loop: any EventLoop

    init(_ loop: any EventLoop) { self.loop = loop }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        loop.execute { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}
