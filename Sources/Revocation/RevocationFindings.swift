import Certificates
import Checks
import PathBuilding
import Reports

/// Turns what CRLs say into findings. A proven revocation fails the path; no answer leaves it as it is
/// (soft), or leaves the store's answer open (hard).
package struct RevocationFindings: Sendable {
    private let judge: CRLJudge?
    private let mode: RevocationMode

    package init(crls: [CRL], pool: [Certificate], mode: RevocationMode) {
        judge = crls.isEmpty ? nil : CRLJudge(crls: crls, pool: pool)
        self.mode = mode
    }

    /// Nothing is asked when there is neither a CRL nor a mode that wants an answer.
    package var isAsked: Bool { judge != nil || mode != .off }

    package func findings(_ context: PathContext) -> [Finding] {
        guard isAsked, context.path.end == .anchor else { return [] }
        let answers =
            judge?.judge(context.path, at: context.at)
            ?? context.path.certificates.dropLast().map { _ in .absent }
        return answers.enumerated().compactMap { depth, answer in
            switch answer {
            case .good: return nil
            case .revoked:
                return Check.revocation.finding(
                    Failure(
                        .revoked, at: depth, presented: "listed in a CRL of its issuer",
                        native: LibcryptoTable.native(23)),
                    in: context)
            case .absent: return open(.crlAbsent, depth, 3, nil, context)
            case .unusable(let codes):
                let names = codes.map { LibcryptoTable.native($0).name }.joined(separator: ", ")
                return open(.crlUnusable, depth, codes.first ?? 1, names, context)
            case .unexamined:
                return open(
                    .crlSignaturesExhausted, depth, 3, "limit: \(CRLSigners.limit) signatures of CRLs",
                    context)
            }
        }
    }

    /// Severity error marks what the answer cannot do without: all of it under `revocation=hard`, and in
    /// every mode a CRL that the request gave for this issuer and that cannot be used: what was to be checked
    /// was not.
    private func open(
        _ reason: Reason, _ depth: Int, _ code: Int32, _ presented: String?, _ context: PathContext
    )
        -> Finding
    {
        var finding = Check.revocation.finding(
            Failure(
                reason, at: depth, status: .notEstablished, presented: presented,
                native: LibcryptoTable.native(code)),
            in: context)
        finding.severity = mode == .hard || reason != .crlAbsent ? .error : .info
        return finding
    }
}
