import Assessment
import Dialects
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
        let headers = [("Cache-Control", "no-store"), ("Vary", "Accept")]
        return Answer(type: read.form.contentType, headers: headers) { [scan, limits, channel] writer in
            let (gone, left) = AsyncStream.makeStream(of: Void.self)
            channel.closeFuture.whenComplete { _ in left.finish() }
            var rows = ScanRows(read.form, waiting: limits.waitingAnswers)
            try await writer.write(rows.begin)
            // Parsing rows, judging and rendering: never on the connection's event loop.
            let end = try await withTaskExecutorPreference(globalConcurrentExecutor) {
                try await scan.run(
                    read.rows.count, row: read.row, shared: read.shared,
                    concurrency: limits.concurrency, until: { for await _ in gone {} },
                    render: { report, request in
                        let given = read.given(report.row ?? 0)
                        return RenderedPart(
                            report, read.form.format,
                            fields: (request?.parsed.options ?? read.shared.options).fields, given: given,
                            text: { TextReport.line($0, given: given) + "\n" })
                    },
                    take: { row, part in
                        for ready in rows.add(part, of: row) {
                            try await writer.write(ByteBuffer(bytes: ready))
                        }
                        return rows.hasRoom
                    })
            }
            // Nobody is there to be told.
            guard case .complete = end else { return }
            try await writer.write(rows.end)
            try await writer.finish(nil)
        }
    }
}

extension ResponseBodyWriter {
    fileprivate mutating func write(_ bytes: [UInt8]) async throws {
        if !bytes.isEmpty { try await write(ByteBuffer(bytes: bytes)) }
    }
}

/// The rows of a scan on their way into its answer.
struct ScanRows {
    private let form: ScanForm
    private var list: RenderedList
    /// Nil when rows are written as they come.
    private var turns: Turns?

    init(_ form: ScanForm, waiting limit: Int) {
        self.form = form
        list = RenderedList(form.format)
        turns = form.isInOrder ? Turns(limit: limit) : nil
    }

    /// False: the row whose turn it is must come first.
    var hasRoom: Bool { turns?.hasRoom ?? true }

    var begin: [UInt8] { form == .array ? Array("[\n".utf8) : [] }

    /// What can be written now.
    mutating func add(_ part: RenderedPart, of row: Int) -> [[UInt8]] {
        guard turns != nil else { return [list.add(part)] }
        let ready = turns?.add(part, of: row) ?? []
        return ready.compactMap { row, part in
            let bytes = list.add(part)
            return bytes.isEmpty ? nil : form == .array && row > 0 ? [UInt8(ascii: ",")] + bytes : bytes
        }
    }

    var end: [UInt8] { form == .array ? Array("]\n".utf8) : list.end() }
}

/// Puts the answers of a scan into the order of its rows.
struct Turns {
    /// Octets that may wait.
    let limit: Int
    private var waiting: [Int: RenderedPart] = [:]
    private var octets = 0
    private var turn = 0

    init(limit: Int) { self.limit = limit }

    var hasRoom: Bool { octets < limit }

    /// Those whose turn it is now.
    mutating func add(_ part: RenderedPart, of row: Int) -> [(row: Int, part: RenderedPart)] {
        waiting[row] = part
        octets += part.octets
        var ready: [(row: Int, part: RenderedPart)] = []
        while let next = waiting.removeValue(forKey: turn) {
            octets -= next.octets
            ready.append((turn, next))
            turn += 1
        }
        return ready
    }
}
