import Certificates
import Checks
import Reports

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
