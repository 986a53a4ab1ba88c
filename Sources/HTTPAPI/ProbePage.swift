import Assessment
import Certificates
import Dialects
import Reports

/// `GET /probe`: what blackbox_exporter answers, from a report. A probe that fails is an answer, too.
struct ProbePage {
    let assessor: Assessor
    let modules: ProbeModules
    let clock: @Sendable () -> Instant

    /// Plain text, as blackbox_exporter's errors are.
    struct Refusal: Error {
        var status: Int
        var text: String
    }

    /// What is taken off the time a scrape allows, so that the answer still arrives; blackbox_exporter's own.
    private static let offset = 0.5
    /// Without the header of Prometheus.
    private static let longest = 120.0
    private static let shortest = 0.01

    /// The parameters of `/probe` itself; every other one is an option of a check.
    private struct Asked {
        var module = "http_2xx"
        var target: String?
        var hostname: String?
        var isStrict = false
        var isDebug = false
        var options: [OptionInput] = []
    }

    func answer(query: Substring, scrapeTimeout: String?) async -> Answer {
        do throws(Refusal) {
            let bytes = try await bytes(query: query, scrapeTimeout: scrapeTimeout)
            return Answer(type: MetricText.contentType, bytes, headers: [("Cache-Control", "no-store")])
        } catch {
            return Answer(
                error.status, type: "text/plain; charset=utf-8", Array((error.text + "\n").utf8),
                headers: [("Cache-Control", "no-store")])
        }
    }

    private func bytes(query: Substring, scrapeTimeout: String?) async throws(Refusal) -> [UInt8] {
        let asked = try Self.asked(query)
        guard let module = modules[asked.module] else {
            throw Refusal(status: 400, text: "Unknown module \"\(asked.module)\"")
        }
        guard !asked.isStrict || module.prober == .tcp else {
            throw Refusal(status: 400, text: "compat=strict applies to modules of the prober tcp")
        }
        let seconds = try Self.seconds(scrapeTimeout, module)
        guard let target = asked.target, !target.isEmpty else {
            throw Refusal(status: 400, text: "Target parameter is missing")
        }
        let began = ContinuousClock.now
        if asked.isStrict, !Self.hasPort(target) {
            var text = MetricText()
            BlackboxSeries.addStrict(unsplit: (ContinuousClock.now - began) / .seconds(1), to: &text)
            return text.render()
        }
        let report = try await report(target, asked, module, seconds)
        let took = ContinuousClock.now - began
        return Self.render(report, asked.module, module, strict: asked.isStrict, debug: asked.isDebug, took)
    }

    private static func asked(_ query: Substring) throws(Refusal) -> Asked {
        let pairs: [(name: String, value: String)]
        do throws(QueryString.Malformed) {
            pairs = try QueryString.parse(query)
        } catch {
            throw Refusal(status: 400, text: "The query is not percent-encoded UTF-8")
        }
        var asked = Asked()
        var options: [(name: String, value: String)] = []
        var seen: Set<String> = []
        for (name, value) in pairs {
            // Of its own parameters blackbox_exporter takes the first.
            if ["module", "target", "hostname", "debug"].contains(name), !seen.insert(name).inserted {
                continue
            }
            switch name {
            case "module": asked.module = value
            case "target": asked.target = value
            case "hostname": asked.hostname = value
            case "debug": asked.isDebug = value == "true"
            case "compat":
                guard value == "strict" else {
                    throw Refusal(status: 400, text: "compat is strict or absent")
                }
                asked.isStrict = true
            case "format", "fields", "expect":
                throw Refusal(status: 400, text: "\(name) does not apply to /probe")
            default: options.append((name, value))
            }
        }
        asked.options = OptionInput.query(options)
        return asked
    }

    /// The least of the module's time and the scrape's, as blackbox_exporter reckons it.
    static func seconds(_ header: String?, _ module: ProbeModule) throws(Refusal) -> Double {
        var allowed = 0.0
        if let header, !header.isEmpty {
            guard let given = Double(header) else {
                let shown = "\"\(header.prefix(64))\" is no number"
                throw Refusal(status: 500, text: "Failed to parse timeout from Prometheus header: \(shown)")
            }
            allowed = given
        }
        let scrape = (allowed == 0 ? longest : allowed) - offset
        let own = module.timeout.map { $0 / .seconds(1) } ?? 0
        // As there, a scrape that allows less than what is taken off leaves the module its time.
        let seconds = own > 0 && own < scrape || scrape < 0 ? own : scrape
        return seconds.isFinite ? max(seconds, shortest) : longest
    }

    /// Without one blackbox_exporter's tcp does not even resolve the host.
    private static func hasPort(_ target: String) -> Bool {
        guard let colon = target.lastIndex(of: ":") else { return false }
        let host = target[..<colon]
        return host.hasPrefix("[") ? host.hasSuffix("]") : !host.contains(":")
    }

    private func report(
        _ target: String, _ asked: Asked, _ module: ProbeModule, _ seconds: Double
    ) async throws(Refusal) -> Report {
        var inputs = asked.options
        inputs.append(OptionInput(name: "target", value: .text([target]), pointer: "target"))
        if let name = module.serverName ?? asked.hostname.flatMap({ $0.isEmpty ? nil : $0 }) {
            inputs.removeAll { $0.name == "name" }
            inputs.append(OptionInput(name: "name", value: .text([name]), pointer: "hostname"))
        }
        if let start = module.startTLS, !inputs.contains(where: { $0.name == "starttls" }) {
            inputs.append(OptionInput(name: "starttls", value: .text([start.rawValue]), pointer: "module"))
        }
        do throws(OptionErrors) {
            var request = try OptionParser.parse(inputs, for: .check)
            if !inputs.contains(where: { $0.name == "timeout" }) {
                request.options.timeout = min(.seconds(seconds), .seconds(OptionValues.longestTimeout))
            }
            if let anchors = module.anchors { request.options.anchors = anchors }
            request.endpoint?.family = module.family
            request.endpoint?.family?.isSingle = asked.isStrict
            let now = clock()
            return try await assessor.check(
                request, given: Set(inputs.map(\.name)), now: now, id: SortableID.make(at: now))
        } catch {
            let first = error.errors.first
            throw Refusal(status: 400, text: "\(first?.pointer ?? "target"): \(first?.detail ?? "unusable")")
        }
    }

    private static func render(
        _ report: Report, _ name: String, _ module: ProbeModule, strict: Bool, debug: Bool, _ took: Duration
    ) -> [UInt8] {
        let isShown = report.presented?.certificates.isEmpty == false && report.handshake?.failedAt == nil
        let success = module.skipsVerification ? isShown : report.verdict == .trusted
        let duration = took / .seconds(1)
        var text = MetricText()
        if name.hasPrefix("ssl_exporter") {
            SSLExporterSeries.add(report, success: success, prober: module.prober.rawValue, to: &text)
            CatenarySeries.add(report, to: &text)
        } else if strict {
            BlackboxSeries.addStrict(
                report, success: success, skipsVerification: module.skipsVerification, duration: duration,
                to: &text)
        } else {
            BlackboxSeries.add(
                report, success: success, duration: duration, cipher: module.prober == .http, to: &text)
            CatenarySeries.add(report, to: &text)
        }
        return (debug ? Array((TextReport.render(report) + "\n").utf8) : []) + text.render()
    }
}
