import Egress
import Logging
import NIOPosix
import TLS

/// libssl cannot make a client context: it is damaged or out of memory.
package struct ProberUnavailable: Error, CustomStringConvertible {
    package var description: String { "libssl cannot make a client context" }
}

extension Prober {
    /// With a context and a resolver of its own, on the event loops of the process.
    package static func standard(
        policy: EgressPolicy, limits: DestinationLimits = DestinationLimits(),
        access: Access = Access(), logger: Logger
    ) throws(ProberUnavailable) -> Prober {
        guard let context = TLSContext(securityLevel: .standard),
            let lowest = TLSContext(securityLevel: .lowest)
        else { throw ProberUnavailable() }
        return Prober(
            resolver: Resolver(), policy: policy, limits: limits,
            access: CurrentAccess(access), context: context, lowest: lowest,
            group: MultiThreadedEventLoopGroup.singleton, logger: logger)
    }
}
