/// Why a name led to no address.
package enum ResolutionFailure: Error, Sendable, Equatable {
    /// The name does not exist (RFC 1035 §4.1.1, RCODE 3).
    case nameNotFound
    /// The name exists and has neither A nor AAAA records.
    case noAddress
    /// No usable answer: server failure, refusal, malformed answer, or the queue is full. With the resolver's
    /// words.
    case resolverFailed(String)
    /// Nobody answered in time.
    case timeout
}
