import ArgumentParser
import Assessment
import Dialects
import Foundation
import HTTPAPI
import Reports

struct ScanCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "scan", abstract: "Connects to many hosts at once and judges what they send.",
        discussion: """
            A list has a target a line, HOST, HOST:PORT or a URL, and after it options of its own as \
            KEY=VALUE, the keys those of the API: mail.example:25 starttls=smtp warn=30d. # begins a \
            comment. Each answer is one line, as it comes; what needs somebody follows at the end, worst \
            first. The exit code is that of the worst answer: ok, unknown, warning, critical.
            """)

    @Argument(help: "FILE with the targets, or - for standard input.")
    var file: String

    @Option(
        help:
            "Targets under way at once, 1 to \(Scan.maximumConcurrency). Default \(Scan.standardConcurrency)."
    )
    var concurrency: Int?

    @Option(help: "Keeps in this file what is done, and goes on from there; removed once all is done.")
    var resume: String?

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var judging: JudgingOptions
    @OptionGroup var common: CommonOptions

    func validate() throws {
        if let concurrency, !(1...Scan.maximumConcurrency).contains(concurrency) {
            throw ValidationError("--concurrency is a number from 1 to \(Scan.maximumConcurrency)")
        }
    }

    func run() async throws {
        let assessor = try common.assessor()
        let flags = OptionInput.flags(
            try Usage.check { () throws(SettingsError) in try judging.pairs() } + connection.pairs)
        let format = try Flags.parse(flags, .check).format ?? .text
        let options = flags.filter { $0.name != "format" }
        let slots = ScanSlots(min(ScanSlots.standard, OpenFiles.raise()))
        let scan = Scan(
            assessor: assessor, slots: slots, clock: Engine.clock, newID: { SortableID.make(at: $0) })
        let shared: SharedOptions
        do throws(OptionErrors) {
            shared = try SharedOptions(options)
            try scan.check(shared)
        } catch {
            throw ValidationError(error.errors.map { "\($0.pointer): \($0.detail)" }.joined(separator: "\n"))
        }
        let list = try Usage.check { () throws(SettingsError) in try ScanList.read(file) }
        let state = try Usage.check { () throws(SettingsError) in
            try resume.map { path throws(SettingsError) in try ScanState(path: path, options: options) }
        }
        var run = ScanRun(list: list, state: state, format: format, failOn: judging.failOn)
        try await run.run(scan, shared, concurrency: concurrency ?? Scan.standardConcurrency)
    }
}

/// One run over the rows that are not done yet.
private struct ScanRun {
    private let list: ScanList
    private let state: ScanState?
    private let format: Format
    /// Indices of the rows still to be done.
    private var left: [Int] = []
    private var summary = ScanSummary()
    private var exit: ExitState

    init(list: ScanList, state: ScanState?, format: Format, failOn: FailOn) {
        (self.list, self.state, self.format) = (list, state, format)
        exit = ExitState(failOn: failOn)
        // The same line may stand there twice; each is one row.
        var earlier = Dictionary(grouping: state?.earlier ?? [], by: \.target)
        for (index, row) in list.rows.enumerated() {
            if let entry = earlier[row.text]?.popLast() {
                summary.add(entry)
                exit.add(entry.state)
            } else {
                left.append(index)
            }
        }
    }

    mutating func run(_ scan: Scan, _ shared: SharedOptions, concurrency: Int) async throws {
        let (list, left, format, total) = (list, left, format, list.rows.count)
        let screen = ScanScreen(
            ScanProgress(total: total, before: summary.done), hasBar: ScanScreen.isTerminal)
        var rendering = RenderedList(format)
        let interrupt = Interrupt()
        let ticking = Task {
            while (try? await Task.sleep(for: .milliseconds(500))) != nil { screen.tick() }
        }
        let end = try await withTaskExecutorPreference(globalConcurrentExecutor) {
            try await scan.run(
                left.count, row: { list.rows[left[$0]].inputs }, shared: shared, concurrency: concurrency,
                until: { await interrupt.wait() },
                render: { report, request in
                    let row = left[report.row ?? 0]
                    return Self.rendered(
                        report, row, list.rows[row], format,
                        fields: (request?.parsed.options ?? shared.options).fields)
                },
                take: { _, answer in
                    guard screen.show(rendering.add(answer.part), failing: answer.entry.state == .critical)
                    else {
                        throw Ending(code: Program.failure)
                    }
                    // After the answer was written: better twice than lost.
                    try state?.add(answer.entry)
                    summary.add(answer.entry)
                    exit.add(answer.entry.state)
                    return true
                })
        }
        ticking.cancel()
        screen.end()
        Output.standardOutput(rendering.end())
        finish(end, total)
        if exit.code != 0 { throw Ending(code: exit.code) }
    }

    private mutating func finish(_ end: Scan.End, _ total: Int) {
        switch end {
        case .complete: state?.remove()
        case .stopped:
            exit.addUnanswered()
            let how = state == nil ? "" : "; the same command goes on from here"
            Output.standardError("catenary: interrupted: \(summary.totals(of: total))\(how)\n")
        }
        if format == .text { Output.standardOutput(summary.text(of: total)) }
    }

    private struct Rendered: Sendable {
        var part: RenderedPart
        var entry: ScanState.Entry
    }

    private static func rendered(
        _ report: Report, _ row: Int, _ given: ScanList.Row, _ format: Format, fields: [String]
    ) -> Rendered {
        var report = report
        report.row = row
        let part = RenderedPart(
            report, format, fields: fields, given: given.target,
            text: { TextReport.line($0, given: given.target, color: Answers.hasColor) + "\n" })
        let entry = ScanState.Entry(
            target: given.text, state: report.state, firstBreak: report.firstBreak?.at.seconds,
            line: report.state == .ok ? "" : TextReport.line(report, given: given.target))
        return Rendered(part: part, entry: entry)
    }
}
