import Assessment
import HummingbirdCore
import NIOCore
import Reports

/// Answers a scan while it runs. Each report is written as soon as the connection takes it, so that a slow
/// reader slows the scan; when the connection is gone, the scan ends.
struct ScanAnswer {
    let scan: Scan
    let limits: APILimits
    let channel: any Channel

    func answer(_ read: ReadScan) -> Answer {
        let type = read.form == .lines ? "application/x-ndjson" : "application/json"
        return Answer(type: type, headers: [("Cache-Control", "no-store"), ("Vary", "Accept")]) {
            [scan, limits, channel] writer in
            let (gone, left) = AsyncStream.makeStream(of: Void.self)
            channel.closeFuture.whenComplete { _ in left.finish() }
            var turns = read.form == .lines ? nil : Turns(limit: limits.waitingAnswers)
            if turns != nil { try await writer.write(ByteBuffer(string: "[\n")) }
            // Parsing rows, judging and rendering: never on the connection's event loop.
            let end = try await withTaskExecutorPreference(globalConcurrentExecutor) {
                try await scan.run(
                    read.rows.count, row: read.row, shared: read.shared,
                    concurrency: limits.concurrency, until: { for await _ in gone {} },
                    render: { report, request in
                        report.json(fields: (request?.parsed.options ?? read.shared.options).fields)
                    },
                    take: { row, json in
                        guard turns != nil else {
                            try await writer.write(ByteBuffer(bytes: json))
                            return true
                        }
                        for ready in turns?.add(json, of: row) ?? [] {
                            try await writer.write(ByteBuffer(bytes: ready))
                        }
                        return turns?.hasRoom ?? true
                    })
            }
            // Nobody is there to be told.
            guard case .complete = end else { return }
            if turns != nil { try await writer.write(ByteBuffer(string: "]\n")) }
            try await writer.finish(nil)
        }
    }
}

/// Puts the answers of a scan into the order of its rows, as elements of an array.
struct Turns {
    /// Octets that may wait.
    let limit: Int
    private var waiting: [Int: [UInt8]] = [:]
    private var octets = 0
    private var turn = 0

    init(limit: Int) { self.limit = limit }

    /// False: the row whose turn it is must come first.
    var hasRoom: Bool { octets < limit }

    /// What can be written now. Each answer ends with a line feed, which stays its last octet.
    mutating func add(_ json: [UInt8], of row: Int) -> [[UInt8]] {
        waiting[row] = json
        octets += json.count
        var ready: [[UInt8]] = []
        while let next = waiting.removeValue(forKey: turn) {
            octets -= next.count
            ready.append(turn == 0 ? next : [UInt8(ascii: ",")] + next)
            turn += 1
        }
        return ready
    }
}
