import Certificates
import Reports
import Retrieval

/// Asks Validation what is missing, fetches it, asks again: what comes is part of the evidence, and the
/// judgement that follows reads no network.
struct FetchLoop: Sendable {
    /// Each round may need what the one before brought: an issuer its issuer, a CRL the issuer it is signed
    /// by.
    static let rounds = 4
    /// Of the time that a request has.
    static let time: Duration = .seconds(2)
    /// What one request may ask for: four chains of MissingIssuers' sixteen addresses each.
    static let wanted = 64

    let retriever: Retriever

    /// What is fetched is appended to each of `members`, in the order wanted; members that sent the same
    /// share it. What cannot be asked for any more is there as a failure, so that the report can say so.
    ///
    /// - Parameter deadline: of the whole request.
    func complete(
        _ members: [Evidence], now: Instant, deadline: ContinuousClock.Instant,
        missing: (Evidence) -> [Wanted]
    ) async -> [Evidence] {
        let deadline = min(deadline, .now + Self.time)
        var distinct: [Evidence] = []
        let places = members.map { member in
            if let known = distinct.firstIndex(where: { $0.sentTheSame(as: member) }) { return known }
            distinct.append(member)
            return distinct.count - 1
        }
        var left = Self.wanted
        for round in 0...Self.rounds {
            let wanted = distinct.map(missing)
            var seen: Set<Wanted> = []
            let all = wanted.joined().filter { seen.insert($0).inserted }
            if all.isEmpty { break }
            let mayAsk = round < Self.rounds && ContinuousClock.now < deadline
            let asked = mayAsk ? Array(all.prefix(left)) : []
            left -= asked.count
            var answers = await fetch(asked, now: now, deadline: deadline)
            for one in all.dropFirst(asked.count) {
                let failure = FetchFailure(.budget, "no time or no turn was left for it")
                answers[one] = Fetched(wanted: one, result: .failure(failure), at: now)
            }
            for index in distinct.indices {
                distinct[index].fetched += wanted[index].compactMap { answers[$0] }
            }
        }
        return zip(members, places).map { member, place in
            var member = member
            member.fetched = distinct[place].fetched
            return member
        }
    }

    private func fetch(
        _ wanted: [Wanted], now: Instant, deadline: ContinuousClock.Instant
    ) async -> [Wanted: Fetched] {
        await withTaskGroup(of: Fetched.self) { group in
            for one in wanted {
                group.addTask { await retriever.fetch(one, now: now, deadline: deadline) }
            }
            return await group.reduce(into: [:]) { $0[$1.wanted] = $1 }
        }
    }
}

extension Evidence {
    fileprivate func sentTheSame(as other: Evidence) -> Bool {
        presented == other.presented && stapledOCSP == other.stapledOCSP
    }
}
