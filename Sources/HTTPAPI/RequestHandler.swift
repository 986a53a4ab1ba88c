import Assessment
import Certificates
import Dialects
import Hummingbird
import Logging
import NIOCore
import Reports

/// Answers one request: route, method, then the handler of the route. Whatever is thrown becomes a problem.
struct RequestHandler: HTTPResponder {
    /// Hummingbird makes one per request.
    struct Context: InitializableFromSource {
        let channel: any Channel
        init(source: ApplicationRequestContextSource) { channel = source.channel }
    }

    let assessor: Assessor
    let scan: Scan
    let openapi: [UInt8]?
    let modules: ProbeModules
    let limits: APILimits
    let logger: Logger
    let clock: @Sendable () -> Instant

    func respond(to request: Request, context: Context) async throws -> Response {
        let started = ContinuousClock.now
        let requestID = SortableID.accepted(request.headers[.requestID]) ?? SortableID.make(at: clock())
        let target = request.head.path ?? ""
        let halves = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let path = halves.first ?? ""
        let answer: Answer
        do throws(Problem) {
            answer = try await self.answer(
                request, path: path, query: halves.count > 1 ? halves[1] : "", context: context)
        } catch {
            answer = Answer(error, requestID: requestID)
        }
        // The query may hold names under test: it stays out of the log. A line a request costs more than many
        // a judgement, so they are written only when asked for, or when the fault is ours.
        logger.log(
            level: answer.status < 500 ? .debug : .error, "request",
            metadata: [
                "method": "\(request.method.rawValue)", "path": "\(path)", "status": "\(answer.status)",
                "request_id": "\(requestID)", "took": "\(ContinuousClock.now - started)",
            ])
        return answer.response(requestID: requestID, headOnly: request.method == .head)
    }

    private func answer(
        _ request: Request, path: Substring, query: Substring, context: Context
    ) async throws(Problem) -> Answer {
        guard let route = Route(path: path) else {
            throw Problem(.notFound, "No resource has this path; / lists those there are.")
        }
        let method = request.method.rawValue
        guard route.methods.contains(method) else {
            let allowed = route.methods.joined(separator: ", ")
            throw Problem(
                .methodNotAllowed, "\(method) does not apply to \(path). It takes \(allowed).",
                headers: [("Allow", allowed)])
        }
        switch route {
        case .index: return Pages.index
        case .health: return Pages.alive
        case .ready: return Pages.ready(storePages.staleLines)
        case .version: return Pages.version
        case .probe:
            let page = ProbePage(assessor: assessor, modules: modules, clock: clock)
            let timeout = request.headers[.scrapeTimeout]
            return await Workers.run { await page.answer(query: query, scrapeTimeout: timeout) }
        case .checks(let id):
            return try CatalogueAnswer.answer(check: id, query: query, accept: request.headers[.accept])
        case .openapi:
            guard let openapi else {
                throw Problem(
                    .openapiAbsent,
                    "openapi.yaml was found neither beside the binary nor in its share folder.")
            }
            return Answer(type: "application/yaml", openapi)
        case .stores: return storePages.list()
        case .store(let name): return try storePages.show(name)
        case .anchors(let name): return try storePages.anchors(name, query: query)
        case .validate: return try await judge(request, query, .validate, target: nil)
        case .scan:
            let reading = ScanReading(
                reading: RequestReading(request: request, query: query, limits: limits), scan: scan)
            return ScanAnswer(scan: scan, limits: limits, channel: context.channel)
                .answer(try await reading.read())
        case .check(let target): return try await judge(request, query, .check, target: target)
        case .replay: return try await replay(request, query)
        }
    }

    private var storePages: StorePages { StorePages(stores: assessor.storeSet, now: clock()) }

    private func judge(
        _ request: Request, _ query: Substring, _ kind: RequestKind, target: String?
    ) async throws(Problem) -> Answer {
        let reading = RequestReading(request: request, query: query, limits: limits)
        let body = try await reading.collect(kind)
        return try await Workers.run { () async throws(Problem) in
            try await judge(try reading.read(kind, target: target, body), kind)
        }
    }

    /// Runs on a worker.
    private func judge(_ read: ReadRequest, _ kind: RequestKind) async throws(Problem) -> Answer {
        let given = Set(read.pointers.keys)
        let now = clock()
        let id = SortableID.make(at: now)
        let report: Report
        do throws(OptionErrors) {
            report =
                kind == .validate
                ? try await assessor.validate(read.parsed, given: given, now: now, id: id)
                : try await assessor.check(read.parsed, given: given, now: now, id: id)
        } catch {
            throw Problem(error, pointers: read.pointers)
        }
        return answer(report, read)
    }

    private func replay(_ request: Request, _ query: Substring) async throws(Problem) -> Answer {
        let reading = RequestReading(request: request, query: query, limits: limits)
        let body = try await reading.collect(.replay)
        return try await Workers.run { () async throws(Problem) in
            let read = try ReplayReading(reading: reading).read(body?.bytes ?? [])
            do throws(OptionErrors) {
                let report = try assessor.replay(
                    read.record, read.request.parsed, given: Set(read.request.pointers.keys), at: read.place,
                    newID: { SortableID.make(at: clock()) })
                return answer(report, read.request)
            } catch {
                throw Problem(error, pointers: read.request.pointers)
            }
        }
    }

    /// The report in the form asked for; 424 when the client wants the status line to speak (`expect`).
    private func answer(_ report: Report, _ read: ReadRequest) -> Answer {
        let asExpected =
            switch read.parsed.options.expect {
            case nil: true
            case .ok: report.state == .ok
            case .trusted: report.verdict == .trusted
            }
        let format = read.format
        let bytes = Rendering.one(report, format, fields: read.parsed.options.fields)
        return Answer(
            asExpected ? 200 : 424, type: Rendering.contentType(format), bytes,
            headers: [("Cache-Control", "no-store"), ("Vary", "Accept")])
    }
}
