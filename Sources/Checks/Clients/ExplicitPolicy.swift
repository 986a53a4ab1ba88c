import COpenSSL
import Certificates
import PathBuilding
import Reports

extension ClientRule {
    /// RFC 5280 §6.1.5 (g): a policyConstraints that requires an explicit policy holds though nobody asked
    /// for policies: Chromium, the JDK and Go. GnuTLS and rustls do not know the extension, so that a
    /// critical one is refused whatever it says (ran).
    static let policy = ClientRule(
        .clientPolicy, "A policy that a CA requires is there", .rfc(5280, "6.1.5(g)"), .explicitPolicyUnmet,
        .policyConstraintsCritical
    ) { context in
        let constrained = context.path.belowAnchor.filter {
            context.path.certificates[$0].extensions[OIDs.policyConstraints] != nil
        }
        guard let first = constrained.last else { return .notApplicable }
        var failures = constrained.compactMap { depth -> Failure? in
            guard context.path.certificates[depth].extensions[OIDs.policyConstraints]?.critical == true else {
                return nil
            }
            return Failure(
                .policyConstraintsCritical, at: depth, expected: "no critical policyConstraints",
                presented: "policyConstraints critical")
        }
        if context.path.end == .anchor, isUnmet(context.path) {
            failures.append(
                Failure(
                    .explicitPolicyUnmet, at: first, expected: "a policy that holds over the whole path",
                    presented: policies(context.leaf), native: LibcryptoTable.native(43)))
        }
        return .of(failures)
    }

    private static func policies(_ leaf: Certificate) -> String {
        leaf.extensions.policies.isEmpty
            ? "no policies in the end entity"
            : leaf.extensions.policies.map(\.description).joined(separator: ", ")
    }

    /// libcrypto's policy tree over the path, any policy being acceptable. It leaves the anchor out, as
    /// RFC 5280 §6.1.1 (d) does.
    private static func isUnmet(_ path: CandidatePath) -> Bool {
        guard let stack = catenary_sk_X509_new(), let acceptable = catenary_sk_ASN1_OBJECT_new() else {
            return false
        }
        var tree: OpaquePointer?
        defer {
            X509_policy_tree_free(tree)
            catenary_sk_X509_free(stack)
            catenary_sk_ASN1_OBJECT_pop_free(acceptable)
            ERR_clear_error()
        }
        catenary_sk_ASN1_OBJECT_push(acceptable, OBJ_txt2obj("2.5.29.32.0", 1))
        return withExtendedLifetime(path) {
            for certificate in path.certificates {
                certificate.withX509 { _ = catenary_sk_X509_push(stack, $0) }
            }
            var isExplicit: Int32 = 0
            let answer = X509_policy_check(&tree, &isExplicit, stack, acceptable, 0)
            return answer == X509_PCY_TREE_FAILURE && isExplicit != 0
        }
    }
}
