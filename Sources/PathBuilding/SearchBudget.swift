/// What a search may spend. Each bound has a reason code of its own when it is hit.
package struct SearchBudget: Sendable, Equatable {
    /// Issuers looked at, over all partial paths. Go gives up after 100 signature checks and rustls-webpki
    /// after 200,000 calls; 20,000 steps take about ten milliseconds here.
    package var steps = 20_000
    /// Signature checks that no cache answered. Go's crypto/x509 and rustls-webpki allow 100 for one path;
    /// all paths are sought here, so twice that. The dearest common check, P-384, costs one millisecond.
    package var signatures = 200
    /// Paths judged. The largest real cross-sign groups (ISRG, Sectigo, Entrust) make fewer than ten; a mesh
    /// of 30 certificates makes 27.
    package var paths = 64
    /// Intermediates between end entity and anchor. Go's and libcrypto's practice: public chains have at most
    /// four; the deepest vectors have 20 and more and ask for `max_depth` themselves.
    package var depth = 32
    /// Distinct certificates that may stand inside a path. The API takes no more in one request.
    package var certificates = 1_000
    /// Names × constraint subtrees, over one path: rustls-webpki's number.
    package var nameComparisons = 250_000

    package init() {}

    package enum Bound: String, Sendable, Hashable, CaseIterable {
        case steps, signatures, paths, depth, certificates, nameComparisons
    }
}
