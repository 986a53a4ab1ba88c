import Certificates
import Checks
import Reports

extension Validator {
    /// Puts beside a report what the same server showed when it was asked in other ways. Nothing of it
    /// changes the verdict: clients ask as the default does.
    ///
    /// - Parameters:
    ///   - variants: the default first.
    ///   - question: the one that was answered.
    package func compare(_ variants: [VariantEvidence], in report: inout Report, _ question: Question) {
        guard let first = variants.first else { return }
        // Of a fleet the report is that of its worst member.
        let known = report.fleet == nil ? report : judge(question.about(first.evidence))
        for variant in variants {
            let evidence = variant.evidence
            let isSame = evidence.presented == first.evidence.presented
            let own = isSame ? known : judge(question.about(evidence))
            let hasChain = !evidence.presented.isEmpty
            report.variants.append(
                VariantAnswer(
                    variant: variant.variant, protocolVersion: evidence.handshake?.protocolVersion,
                    certificates: evidence.presented.compactMap { try? cache.certificate(der: $0).sha256 },
                    error: hasChain ? nil : evidence.failure?.reason ?? .noCertificate,
                    presented: hasChain ? nil : evidence.failure?.presented,
                    verdict: hasChain ? own.verdict : nil))
            if isSame { continue }
            report.describe(own.certificates)
            let isWorse = hasChain && own.verdict.rank > known.verdict.rank
            if let finding = finding(variant, isWorse: isWorse, known, own) {
                report.findings.append(finding)
                if isWorse { report.state = max(report.state, .warning) }
            }
        }
        // The other answers of a fleet stand in its sentence already.
        if report.fleet == nil { report.summary = Summary.sentence(of: report) }
    }

    /// A server with one kind of key refuses whoever wants another: no difference worth a word.
    private func finding(
        _ variant: VariantEvidence, isWorse: Bool, _ known: Report, _ own: Report
    ) -> Finding? {
        let hasChain = !variant.evidence.presented.isEmpty
        guard hasChain || variant.variant == .noSNI else { return nil }
        let reason: Reason = hasChain ? .variantDiffers : .variantRefused
        let text = ReasonText.of(reason)
        let said =
            hasChain
            ? "\(own.leaf?.hex ?? "no end entity"), \(own.verdict.rawValue.replacing("_", with: " "))"
            : (variant.evidence.failure?.presented ?? variant.evidence.failure?.reason.rawValue ?? "nothing")
        let presented = "\(variant.variant.rawValue): \(said)"
        return Finding(
            check: .fleetVariants, kind: .presentation, reason: reason,
            severity: isWorse ? .warning : .info,
            message: text.message("", expected: known.leaf?.hex, presented: presented),
            certificate: hasChain ? own.leaf : nil, expected: known.leaf?.hex, presented: presented,
            reference: Reference.catenary("probing").description, fix: text.fix)
    }
}
