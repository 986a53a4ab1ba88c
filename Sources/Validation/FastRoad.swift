import COpenSSL
import Certificates
import PathBuilding
import Reports
import Synchronization

/// What libcrypto said of CA paths: everything above the end entity. It depends on the certificates, the
/// purpose and the profile, and not on the instant: times are judged apart.
package final class CAPathCache: Sendable {
    struct Key: Hashable {
        let path: [SHA256Digest]
        let purpose: Purpose
        let profile: Profile
    }

    private let errors: Mutex<LRU<Key, [LibcryptoJudge.ErrorAt]>>

    /// A key holds 32 bytes a certificate: 2,000 intermediates are in use on the web, under few anchors each.
    package init(capacity: Int = 10_000) { errors = Mutex(LRU(capacity: capacity)) }

    /// How often libcrypto was not asked.
    package var hits: Int { count.load(ordering: .relaxed) }
    private let count = Atomic(0)

    func errors(of key: Key) -> [LibcryptoJudge.ErrorAt]? {
        guard let known = errors.withLock({ $0.value(for: key) }) else { return nil }
        count.wrappingAdd(1, ordering: .relaxed)
        return known
    }
    func insert(_ found: [LibcryptoJudge.ErrorAt], for key: Key) {
        errors.withLock { $0.insert(found, for: key) }
    }
}

/// The fast road: of an end entity of plain form libcrypto says nothing, so under a CA path that it has
/// judged before it is not asked again. Anything that is not plain takes the full road, and both must agree
/// on every chain (`scripts/agree`). Our own checks run on both roads.
struct FastRoad {
    /// Nil: always the full road.
    let cache: CAPathCache?
    let options: Options

    func answer(_ path: CandidatePath, _ fullRoad: () -> LibcryptoJudge.Answer) -> LibcryptoJudge.Answer {
        guard let cache, let key = key(path), path.leaf.isPlainEndEntity(for: options.purpose) else {
            return fullRoad()
        }
        if let errors = cache.errors(of: key) {
            return LibcryptoJudge.Answer(errors: errors, returned: 1, followed: true)
        }
        let answer = fullRoad()
        if answer.returned == 1, answer.followed, !answer.errors.contains(where: { $0.depth == 0 }) {
            cache.insert(answer.errors, for: key)
        }
        return answer
    }

    /// Nil when libcrypto's answer depends on more than the CA path and the form of the end entity.
    private func key(_ path: CandidatePath) -> CAPathCache.Key? {
        // Policies run through the whole path, end entity included.
        guard path.end == .anchor, path.certificates.count > 1, options.profile == .webpki,
            options.policies.isDefault
        else { return nil }
        let above = path.certificates.dropFirst()
        // Name constraints compare the end entity's names.
        guard above.allSatisfy({ $0.extensions[OIDs.nameConstraints] == nil }) else { return nil }
        return CAPathCache.Key(path: above.map(\.sha256), purpose: options.purpose, profile: options.profile)
    }
}

extension Certificate {
    /// Of the form that nearly all certificates of servers have, with which libcrypto finds no fault: each
    /// line excludes what `check_chain` and its strict checks, the purpose check, and security level 2 look
    /// at.
    func isPlainEndEntity(for purpose: Purpose) -> Bool {
        version == 3 && !isSelfIssued && !subject.isEmpty && !issuer.isEmpty && isKeyDecodable
            && hasPlainKey && hasPlainSignatureAlgorithm && !hasInvalidExtension
            && extensions.malformed.isEmpty
            && extensions.repeated.isEmpty && hasOnlyPlainExtensions && allows(purpose)
    }

    /// 112 bits at least (security level 2).
    private var hasPlainKey: Bool {
        switch key.kind {
        case .rsa(let bits, _, _): bits >= 2048
        case .ec(let curve, _): ["P-256", "P-384", "P-521"].contains(curve)
        default: false
        }
    }

    private var hasOnlyPlainExtensions: Bool {
        let e = extensions
        guard e.all.allSatisfy({ Self.plainExtensions.contains($0.oid) }),
            e.basicConstraints.map({ !$0.ca && $0.pathLength == nil }) ?? true,
            e.keyUsage.map({ !$0.contains(.keyCertSign) && !$0.contains(.cRLSign) }) ?? true,
            e.subjectAltName?.isEmpty == false, e.authorityKeyIdentifier?.keyID != nil
        else { return false }
        return e.all.allSatisfy { !$0.critical || Self.plainCritical.contains($0.oid) }
    }

    private func allows(_ purpose: Purpose) -> Bool {
        let wanted: OID
        switch purpose {
        case .server: wanted = OIDs.serverAuth
        case .client: wanted = OIDs.clientAuth
        case .any: return false
        }
        return (extensions.extendedKeyUsage?.contains(wanted) ?? true)
            && (extensions.keyUsage?.contains(.digitalSignature) ?? true)
    }

    private static let plainExtensions: Set<OID> = [
        OIDs.subjectKeyIdentifier, OIDs.keyUsage, OIDs.subjectAltName, OIDs.basicConstraints,
        OIDs.crlDistributionPoints, OIDs.certificatePolicies, OIDs.authorityKeyIdentifier,
        OIDs.extendedKeyUsage,
        OIDs.authorityInfoAccess, OIDs.sctList,
    ]

    private static let plainCritical: Set<OID> = [
        OIDs.keyUsage, OIDs.basicConstraints, OIDs.extendedKeyUsage,
    ]
}
