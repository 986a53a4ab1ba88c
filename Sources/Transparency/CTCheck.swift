import Certificates
import Checks
import Reports

extension Check {
    /// RFC 6962: the end entity was logged as its client asks. The policies are the clients' own.
    package static let transparency = Check(
        id: .ctPolicy, title: "The end entity carries the SCTs that the client requires", kind: .client,
        reference: .rfc(6962, "3.3"))
}

extension JudgedSCTs.Answer {
    /// Nil when satisfied.
    package var failure: Failure? {
        switch self {
        case .satisfied: nil
        case .failed(let reason, let expected, let presented):
            Failure(reason, at: 0, expected: expected, presented: presented)
        case .notEstablished(let reason, let expected, let presented):
            Failure(reason, at: 0, status: .notEstablished, expected: expected, presented: presented)
        }
    }

    package func forReport(_ policy: CTPolicy) -> TransparencyAnswer.ClientAnswer {
        switch self {
        case .satisfied: .init(client: policy.client.text, satisfied: true)
        case .failed(let reason, let expected, let presented):
            .init(
                client: policy.client.text, satisfied: false, reason: reason, expected: expected,
                presented: presented)
        case .notEstablished(let reason, let expected, let presented):
            .init(
                client: policy.client.text, satisfied: nil, reason: reason, expected: expected,
                presented: presented)
        }
    }
}
