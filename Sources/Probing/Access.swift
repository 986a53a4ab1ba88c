import Egress
import Synchronization

/// What probes may present and go through, as the operator says it. Of proxies and pairs requests know the
/// names alone.
package struct Access: Sendable, Equatable {
    package var clientCertificates = ClientCertificates()
    /// Unless a request names another.
    package var proxy: Proxy?
    package var proxies: [String: Proxy] = [:]

    package init() {}
}

/// The `Access` of now: swapped whole when the operator has it read again. A connection keeps the one that it
/// began with.
package final class CurrentAccess: Sendable {
    private let current: Mutex<Access>

    package init(_ access: Access) { current = Mutex(access) }

    package var now: Access { current.withLock { $0 } }

    package func replace(with access: Access) { current.withLock { $0 = access } }
}
