import Egress
import NIOCore
import Reports
import TLS

extension Prober {
    /// Asks the server that was just probed again, in every other way and in all of them at once: without
    /// server_name, for RSA keys, for ECDSA keys, and for the lowest version. At most six more handshakes.
    ///
    /// - Parameters:
    ///   - seen: what the default showed, which comes first in the answer. Empty when it did not come to a
    ///     handshake.
    package func probeVariants(
        of endpoint: Endpoint, _ seen: Evidence, deadline: ContinuousClock.Instant
    ) async -> [VariantEvidence] {
        guard let handshake = seen.handshake, handshake.failedAt == nil || handshake.failedAt == .handshake,
            let address = handshake.address.flatMap({ IPAddress(text: $0) })
        else { return [] }
        let deadline = NIODeadline.now() + TimeAmount(deadline - .now)
        var variants: [Variant] = [.rsa, .ecdsa, .lowest]
        if handshake.sni != nil { variants.append(.noSNI) }
        return await withTaskGroup(of: VariantEvidence.self) { group in
            for variant in variants {
                group.addTask {
                    VariantEvidence(variant, await ask(variant, address, endpoint, seen, deadline))
                }
            }
            var found = [VariantEvidence(.default, seen)]
            for await variant in group { found.append(variant) }
            return Variant.allCases.compactMap { variant in found.first { $0.variant == variant } }
        }
    }

    private func ask(
        _ variant: Variant, _ address: IPAddress, _ endpoint: Endpoint, _ seen: Evidence,
        _ deadline: NIODeadline
    ) async -> Evidence {
        var endpoint = endpoint
        if variant == .noSNI { endpoint.sni = "" }
        let probe = Probe(of: endpoint, deadline: deadline)
        // An old server is not asked to be younger.
        let isOld = seen.handshake?.firstAttempt != nil
        switch variant {
        case .default: return seen
        case .noSNI: _ = await attempt([address], of: endpoint, lowered: isOld, probe)
        case .rsa: _ = await attempt([address], of: endpoint, lowered: isOld, probe) { $0.keys = .rsa }
        case .ecdsa: _ = await attempt([address], of: endpoint, lowered: isOld, probe) { $0.keys = .ecdsa }
        case .lowest:
            for version in TLSVersion.allCases where version != .tls13 {
                let probe = Probe(of: endpoint, deadline: deadline)
                let outcome = await attempt([address], of: endpoint, lowered: true, probe) {
                    $0.highestVersion = version
                }
                guard let outcome else { return probe.evidence }
                // A refusal may be any alert, or nothing but the end.
                if outcome.protocolVersion != nil || outcome.failure == .timeout { return probe.evidence }
            }
            // TLS 1.3 alone, or nothing at all: as the default.
            return seen
        }
        return probe.evidence
    }
}
