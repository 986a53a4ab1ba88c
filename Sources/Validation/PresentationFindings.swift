import Certificates
import Checks
import PathBuilding
import Reports

/// How the chain was served: these decide no store, only the state.
struct PresentationFindings {
    let question: Question
    let presentation: Presentation
    let leaf: Certificate

    func findings(_ presented: Presented?, best: JudgedPath?) -> [Finding] {
        guard let presented else { return [] }
        var out: [Finding] = []
        if !presented.inOrder, let best {
            let order = presentation.order(best.path)
            out.append(
                make(
                    .chainOrder, .outOfOrder, .info, nil, expected: order.expected, presented: order.presented
                ))
        }
        for certificate in presentation.duplicates {
            let count = presentation.certificates.count { $0 == certificate }
            out.append(
                make(
                    .chainDuplicate, .duplicateSent, .info, certificate, expected: "once",
                    presented: "\(count) times"))
        }
        for digest in presented.unrelated {
            guard let certificate = presentation.certificates.first(where: { $0.sha256 == digest }) else {
                continue
            }
            out.append(
                make(.chainUnrelated, .unrelatedSent, .info, certificate, presented: certificate.subject.text)
            )
        }
        for certificate in presentation.anchorsSent {
            out.append(
                make(.chainAnchorSent, .anchorSent, .info, certificate, presented: certificate.subject.text))
        }
        if let serves = question.options.serves, serves != leaf.sha256 {
            out.append(
                make(
                    .chainServes, .otherCertificate, .error, leaf, expected: serves.hex,
                    presented: leaf.sha256.hex))
        }
        return out + handshake()
    }

    private func handshake() -> [Finding] {
        guard let handshake = question.evidence.handshake else { return [] }
        var out: [Finding] = []
        if let version = handshake.protocolVersion, ["SSL 3.0", "TLS 1.0", "TLS 1.1"].contains(version) {
            out.append(
                make(
                    .tlsVersion, .protocolObsolete, .warning, nil, expected: "TLS 1.2 or TLS 1.3",
                    presented: version,
                    reference: .rfc(8996, "4")))
        }
        if let first = handshake.firstAttempt {
            let why = first.presented ?? first.reason.rawValue.replacing("_", with: " ")
            out.append(
                make(
                    .tlsSecurityLevel, .securityLevelLowered, .warning, nil,
                    presented: "the first attempt failed: \(why)", reference: .catenary("probing")))
        }
        if let request = handshake.clientCertificate {
            let reason: Reason =
                switch (request.required, request.presented, request.refused) {
                case (_, _, true): .clientCertificateRefused
                case (_, true, false): .clientCertificatePresented
                case (true, false, false): .clientCertificateRequired
                case (false, false, false): .clientCertificateRequested
                }
            out.append(
                make(
                    .tlsClientCertificate, reason, request.refused ? .warning : .info, nil,
                    presented: handshake.clientCertificateName, reference: .rfc(8446, "4.3.2")))
        }
        return out
    }

    private func make(
        _ check: CheckID, _ reason: Reason, _ severity: Severity, _ certificate: Certificate?,
        expected: String? = nil, presented: String? = nil, reference: Reference = .rfc(8446, "4.4.2")
    ) -> Finding {
        Finding(
            presentation: check, reason, severity, certificate, expected: expected, presented: presented,
            reference)
    }
}

extension Finding {
    /// Of kind presentation, with the words of its reason.
    init(
        presentation check: CheckID, _ reason: Reason, _ severity: Severity, _ certificate: Certificate?,
        expected: String? = nil, presented: String? = nil, _ reference: Reference
    ) {
        let text = ReasonText.of(reason)
        self.init(
            check: check, kind: .presentation, reason: reason, severity: severity,
            message: text.message(
                certificate?.subject.display ?? "", expected: expected, presented: presented),
            certificate: certificate?.sha256, expected: expected, presented: presented,
            reference: reference.description, fix: text.fix)
    }
}
