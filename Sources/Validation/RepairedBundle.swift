import Certificates
import PathBuilding
import Reports

/// Chooses the bundle: for each store asked for one of the paths that it trusts, or would if all of it were
/// sent and nothing led its client astray, so that their certificates together are as few as possible.
struct RepairedBundle: Sendable {
    /// Sets of certificates that are kept while stores are added one by one. Chains have one or two
    /// cross-signs, so that a dozen is common and this is a bound for hostile ones.
    static let choices = 256

    let leaf: Certificate
    let judgement: Judgement

    /// One set of certificates above the end entity.
    private struct Choice {
        /// Indices of the paths that it is made of.
        var paths: Set<Int>
        var members: Set<SHA256Digest>
        /// When the first of the stores so far loses it.
        var until: Instant
    }

    /// In sending order; nil when no store asked for trusts any path.
    func certificates() -> [Certificate]? {
        var choices = [Choice(paths: [], members: [], until: .latest)]
        for store in judgement.asked {
            let good = judgement.paths.indices.filter {
                store.holds(judgement.paths[$0]) && store.trustsWhenSent(judgement.paths[$0]) == true
            }
            guard !good.isEmpty else { continue }
            var next: [Set<SHA256Digest>: Choice] = [:]
            for choice in choices {
                for index in good {
                    let path = judgement.paths[index]
                    let dates = DatesLookedAt(store)
                    let end = dates.validity(path)?.interval.upperBound ?? .latest
                    let grown = Choice(
                        paths: choice.paths.union([index]),
                        members: choice.members.union(Self.sent(path).map(\.sha256)),
                        until: min(choice.until, end))
                    if let known = next[grown.members], known.until >= grown.until { continue }
                    next[grown.members] = grown
                }
            }
            choices = Array(next.values.sorted(by: Self.isBetter).prefix(Self.choices))
        }
        guard let best = choices.first, !best.paths.isEmpty else { return nil }
        return order(best)
    }

    /// Fewest, then those that last longest, then by hash, so that the order of the input does not matter.
    private static func isBetter(_ a: Choice, _ b: Choice) -> Bool {
        if a.members.count != b.members.count { return a.members.count < b.members.count }
        if a.until != b.until { return a.until > b.until }
        return a.members.sorted().lexicographicallyPrecedes(b.members.sorted())
    }

    /// What a server sends of a path. A self-signed anchor is in the store; one that is an intermediate to
    /// other stores must be sent for them.
    private static func sent(_ path: JudgedPath) -> [Certificate] {
        path.certificates.enumerated().filter { depth, certificate in
            depth > 0 && !(depth == path.certificates.count - 1 && certificate.isSelfIssued)
        }.map(\.element)
    }

    /// Each certificate before its issuer: path by path, the longest first, so that one unbroken chain comes
    /// before what only other stores need.
    private func order(_ choice: Choice) -> [Certificate] {
        var out = [leaf]
        let chains = choice.paths.sorted().map { Self.sent(judgement.paths[$0]) }
        let byLength = chains.enumerated().sorted {
            ($1.element.count, $0.offset) < ($0.element.count, $1.offset)
        }
        for (_, chain) in byLength {
            for certificate in chain where !out.contains(certificate) { out.append(certificate) }
        }
        return out
    }

    /// From what was sent to `bundle`: drops, then additions, then moves, each in the order of its list.
    static func changes(from sent: [Certificate], to bundle: [Certificate]) -> [Bundle.Change] {
        var drops: [Bundle.Change] = []
        var kept: [(certificate: Certificate, from: Int)] = []
        for (position, certificate) in sent.enumerated() {
            if bundle.contains(certificate), !kept.contains(where: { $0.certificate == certificate }) {
                kept.append((certificate, position))
            } else {
                drops.append(Bundle.Change(.drop, certificate.sha256, from: position))
            }
        }
        let additions = bundle.enumerated().filter { _, certificate in
            !kept.contains { $0.certificate == certificate }
        }.map { Bundle.Change(.add, $0.element.sha256, to: $0.offset) }
        // The longest run that is in order already stays; the rest moves.
        let targets = kept.map { item in bundle.firstIndex(of: item.certificate) ?? 0 }
        let stays = longestRise(targets)
        let moves = kept.indices.filter { !stays.contains(targets[$0]) }.map {
            Bundle.Change(.move, kept[$0].certificate.sha256, from: kept[$0].from, to: targets[$0])
        }
        return drops + additions + moves
    }

    /// The members of a longest increasing subsequence of distinct numbers.
    private static func longestRise(_ numbers: [Int]) -> Set<Int> {
        var best: [[Int]] = []
        for (index, number) in numbers.enumerated() {
            let before = best[..<index].filter { $0.last.map { $0 < number } ?? false }
            best.append((before.max { $0.count < $1.count } ?? []) + [number])
        }
        return Set(best.max { $0.count < $1.count } ?? [])
    }
}

extension Validator {
    /// The bundle with its proof: it is judged by itself, as a server would send it.
    ///
    /// - Parameter stores: what they say of the chain as it was sent.
    func bundle(
        _ question: Question, _ judgement: Judgement, leaf: Certificate, sent: [Certificate],
        stores: [StoreAnswer]
    ) -> Bundle? {
        guard let certificates = RepairedBundle(leaf: leaf, judgement: judgement).certificates() else {
            return nil
        }
        func answers(_ presented: [[UInt8]]) -> [StoreAnswer] {
            var alone = question
            alone.evidence.presented = presented
            alone.evidence.source = .handshake
            alone.options.include = []
            alone.options.intermediates = []
            return answer(alone).stores
        }
        // Posted intermediates count as sent for the verdict; what the server sends does without them.
        let rest = sent.filter { $0 != leaf }.map(\.der)
        let isAsSent = question.options.intermediates.isEmpty
        let before = isAsSent ? stores : answers([leaf.der] + rest)
        let after = answers(certificates.map(\.der))
        let ends = after.filter { $0.trusted == true }.map(\.until)
        return Bundle(
            certificates: certificates, changes: RepairedBundle.changes(from: sent, to: certificates),
            stores: zip(before, after).map {
                Bundle.Store(name: $0.name, before: $0.trusted, after: $1.trusted)
            },
            until: ends.compactMap { $0 }.min())
    }
}
