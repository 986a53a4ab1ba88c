import struct Certificates.Instant
import Egress
import Reports

/// One question to a web server, through redirects, each vetted as the first URL was.
struct Exchange: Sendable {
    let resolver: Resolver
    let policy: EgressPolicy
    let gate: DestinationGate
    let proxy: Proxy?
    let queue: TransferQueue
    /// Where large bodies may be kept later.
    let folder: String?
    let unreachable = UnreachableServers()

    struct Question: Sendable {
        var url: FetchURL
        /// Nil: GET.
        var post: [UInt8]?
        var headers: [String] = []
        /// Sent to the URL that an older answer came from, and to no other.
        var conditions: (url: String, fields: [String])?
        var limits: TransferLimits
        var now: Instant
    }

    struct Answer: Sendable {
        /// Where it came from in the end.
        var url: FetchURL
        var headers: AnswerHeaders
        var body: TransferAnswer.Body
    }

    /// The first answer that is no redirect, whatever its status.
    func ask(
        _ question: Question, deadline: ContinuousClock.Instant
    ) async throws(FetchFailure) -> Answer {
        var url = question.url
        for _ in 0...TransferLimits.redirects {
            let answer = try await hop(to: url, question, deadline)
            guard let location = Self.redirect(answer.headers, ofPost: question.post != nil) else {
                return Answer(url: url, headers: answer.headers, body: answer.body)
            }
            url = try FetchURL(location, base: url)
        }
        throw FetchFailure(.tooManyRedirects, "more than \(TransferLimits.redirects) redirects")
    }

    /// RFC 9110 §15.4. Only 307 and 308 keep a POST what it is.
    private static func redirect(_ headers: AnswerHeaders, ofPost isPost: Bool) -> String? {
        switch headers.status {
        case 307, 308: headers["location"]
        case 301, 302, 303: isPost ? nil : headers["location"]
        default: nil
        }
    }

    private func hop(
        to url: FetchURL, _ question: Question, _ deadline: ContinuousClock.Instant
    ) async throws(FetchFailure) -> TransferAnswer {
        if let known = unreachable.failure(of: url, at: question.now) { throw known }
        do throws(FetchFailure) {
            return try await reach(url, question, deadline)
        } catch {
            unreachable.remember(error, of: url, at: question.now)
            throw error
        }
    }

    /// Tries the addresses in order until one is reached, each with its share of the time left to connect.
    private func reach(
        _ url: FetchURL, _ question: Question, _ deadline: ContinuousClock.Instant
    ) async throws(FetchFailure) -> TransferAnswer {
        let addresses = try await vetted(url, deadline)
        let through = try await dialledProxy(deadline)
        let policy = policy
        let name = url.literal == nil ? url.host : nil
        var last = FetchFailure(.timeout, "no time was left to connect")
        for (index, address) in addresses.enumerated() {
            let now = ContinuousClock.now
            guard now < deadline else { break }
            let share = (deadline - now) / (addresses.count - index)
            let connectBy = now + min(share, TransferLimits.connect)
            guard await gate.enter(address, by: connectBy) else {
                last = FetchFailure(.budget, "too many connections to the server at once")
                continue
            }
            var request = TransferRequest(
                url: url, address: address, post: question.post, headers: question.headers,
                limits: question.limits, deadline: deadline, connectBy: connectBy, proxy: through,
                folder: folder
            ) { policy.allows($0, port: $1, name: name) }
            if let conditions = question.conditions, conditions.url == url.text {
                request.headers += conditions.fields
            }
            let result = await queue.perform(request)
            gate.leave(address)
            switch result {
            case .success(let answer): return answer
            case .failure(let failure):
                last = failure.failure
                guard !failure.hasConnected, last.code == .connect || last.code == .timeout else {
                    throw last
                }
            }
        }
        throw last
    }

    /// Resolves once; what is dialled is among these.
    private func vetted(
        _ url: FetchURL, _ deadline: ContinuousClock.Instant
    ) async throws(FetchFailure) -> [IPAddress] {
        if let literal = url.literal {
            guard policy.allows(literal, port: url.port) else { throw Transfer.refused }
            return [literal]
        }
        guard !policy.denies(name: url.host, port: url.port) else { throw Transfer.refused }
        let found = try await resolve(url.host, deadline)
        let allowed = found.filter { policy.allows($0, port: url.port, name: url.host) }
        guard !allowed.isEmpty else { throw Transfer.refused }
        return Array(allowed.prefix(TransferLimits.addresses))
    }

    private func resolve(
        _ name: String, _ deadline: ContinuousClock.Instant
    ) async throws(FetchFailure) -> [IPAddress] {
        do throws(ResolutionFailure) {
            return try await resolver.addresses(of: name, timeout: deadline - .now)
        } catch {
            switch error {
            case .nameNotFound: throw FetchFailure(.resolve, "\(name) does not exist")
            case .noAddress: throw FetchFailure(.resolve, "\(name) has no address")
            case .timeout: throw FetchFailure(.timeout, "no name server answered in time for \(name)")
            case .resolverFailed(let text): throw FetchFailure(.resolve, "\(name): \(text)")
            }
        }
    }

    private func dialledProxy(
        _ deadline: ContinuousClock.Instant
    ) async throws(FetchFailure) -> DialledProxy? {
        guard let proxy else { return nil }
        let address: IPAddress?
        if let literal = proxy.literal {
            address = literal
        } else {
            address = try await resolve(proxy.host, deadline).first
        }
        guard let address else { return nil }
        return DialledProxy(address: address, port: proxy.port, authorization: proxy.authorization)
    }
}
