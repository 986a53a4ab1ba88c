import Egress
import NIOCore
import Reports
import TLS

/// The evidence of one probe while it is being collected. A class, because the functions that wait for a peer
/// would each hold a copy of a value in their frames, and two thousand peers are waited for at once. For the
/// same reason what does not wait is not inlined.
final class Probe {
    private(set) var evidence = Evidence()
    let serverName: String?
    let deadline: NIODeadline
    private var handshake = Handshake() { didSet { evidence.handshake = handshake } }

    init(serverName: String?, clientCertificate: String? = nil, deadline: NIODeadline) {
        (self.serverName, self.deadline) = (serverName, deadline)
        evidence.source = .handshake
        handshake.sni = serverName
        handshake.clientCertificateName = clientCertificate
        evidence.handshake = handshake
    }

    @inline(never)
    convenience init(of endpoint: Endpoint, deadline: NIODeadline) {
        self.init(
            serverName: Prober.serverName(endpoint), clientCertificate: endpoint.clientCertificate,
            deadline: deadline)
    }

    /// Another attempt at what has been resolved.
    @inline(never)
    convenience init(again first: Evidence, deadline: NIODeadline) {
        let handshake = first.handshake
        self.init(
            serverName: handshake?.sni, clientCertificate: handshake?.clientCertificateName,
            deadline: deadline)
        evidence.addressesLeft = first.addressesLeft
        self.handshake.timings = handshake?.timings.filter { $0.phase == .resolve } ?? []
    }

    /// Runs one phase and notes how long it took, whether or not it succeeded.
    func timed<T>(_ phase: Handshake.Phase, _ body: (NIODeadline) async -> T) async -> T {
        let began = NIODeadline.now()
        let value = await body(deadline)
        note(phase, .now() - began)
        return value
    }

    @inline(never)
    private func note(_ phase: Handshake.Phase, _ time: TimeAmount) {
        handshake.timings.append(Timing(phase: phase, milliseconds: Double(time.nanoseconds) / 1_000_000))
    }

    /// Addresses of the name that are not asked.
    func left(_ count: Int) { evidence.addressesLeft = count }

    var connectTime: TimeAmount {
        let milliseconds = handshake.timings.last { $0.phase == .connect }?.milliseconds ?? 0
        return .microseconds(Int64(milliseconds * 1000))
    }

    @inline(never)
    func failed(_ phase: Handshake.Phase, _ failure: ProbeFailure) {
        handshake.failedAt = phase
        evidence.failure = failure
    }

    /// No connection was tried, so there is nothing to tell of one: neither where the name leads nor why that
    /// is refused.
    @inline(never)
    func refused() {
        evidence.failure = ProbeFailure(check: .netEgress, reason: .addressRefused)
        evidence.handshake = nil
        evidence.addressesLeft = nil
    }

    @inline(never)
    func tried(_ dialled: Dialler.Dialled, through proxy: Proxy?) {
        handshake.proxy = proxy?.description
        handshake.addressesTried = dialled.tried.map(\.description)
        handshake.address = dialled.last?.description
        guard case .failure(let failure) = dialled.result else { return }
        // Without an attempt the time was over before the first.
        let reason = dialled.tried.isEmpty ? .timeout : failure.reason
        failed(
            .connect,
            ProbeFailure(
                check: failure.check, reason: reason, presented: failure.text, address: handshake.address))
    }

    /// Where the last attempt went to.
    var dialled: IPAddress? { handshake.address.flatMap { IPAddress(text: $0) } }

    /// Takes what a second attempt at the lowest level showed, if that is more than this one did.
    @inline(never)
    func tryAgain(_ second: Probe) {
        let isBetter =
            second.evidence.failure == nil
            || evidence.presented.isEmpty && !second.evidence.presented.isEmpty
        guard isBetter, let failure = evidence.failure else { return }
        let first = handshake
        (evidence, handshake) = (second.evidence, second.handshake)
        // The time of both attempts.
        handshake.timings = first.timings + second.handshake.timings.filter { $0.phase != .resolve }
        handshake.addressesTried = first.addressesTried
        handshake.firstAttempt = FailedAttempt(
            protocolVersion: first.protocolVersion, reason: failure.reason, presented: failure.presented)
    }

    @inline(never)
    func shook(_ outcome: TLSOutcome, began: NIODeadline) {
        note(.handshake, (outcome.established ?? .now()) - began)
        evidence.presented = outcome.certificates
        evidence.stapledOCSP = outcome.stapledOCSP
        evidence.sctList = outcome.sctList
        handshake.protocolVersion = outcome.protocolVersion
        handshake.cipher = outcome.cipher
        handshake.group = outcome.group
        handshake.alpn = outcome.alpn
        handshake.clientCertificate = outcome.clientCertificate.map {
            var request = ClientCertificateRequest(required: $0.required, authorities: $0.authorities)
            (request.presented, request.refused) = ($0.presented, $0.refused)
            return request
        }
        guard let failure = outcome.failure else { return }
        failed(.handshake, ProbeFailure(check: .netHandshake, failure, address: handshake.address))
        // A server that turns away strangers and has shown its chain works as it should; in TLS 1.3 the same
        // server completes the handshake first.
        if let request = outcome.clientCertificate, request.required || request.refused,
            !outcome.certificates.isEmpty
        {
            evidence.failure = nil
        }
    }
}

extension ProbeFailure {
    init(check: CheckID, _ failure: ResolutionFailure) {
        switch failure {
        case .nameNotFound: self.init(check: check, reason: .nameNotFound)
        case .noAddress: self.init(check: check, reason: .noAddress)
        case .resolverFailed(let text): self.init(check: check, reason: .resolverFailed, presented: text)
        case .timeout: self.init(check: check, reason: .timeout)
        }
    }

    init(check: CheckID, _ failure: TLSFailure, address: String?) {
        let (reason, presented): (Reason, String?) =
            switch failure {
            case .timeout: (.timeout, nil)
            case .reset: (.connectionReset, nil)
            case .closed: (.connectionClosed, nil)
            case .notTLS(let bytes): (.notTLS, ProbeText.shown(bytes))
            case .alert(let name): (.alertReceived, name)
            case .protocolError(let text): (.protocolError, text)
            case .noCertificate: (.noCertificate, nil)
            case .certificatesTooLarge: (.certificatesTooLarge, nil)
            }
        self.init(check: check, reason: reason, presented: presented, address: address)
    }

    init(_ failure: StartTLSFailure, address: String?) {
        let (reason, presented): (Reason, String?) =
            switch failure {
            case .notOffered(let text): (.notOffered, text)
            case .unexpectedReply(let text): (.unexpectedReply, text)
            case .injected(let text): (.injected, text)
            case .closed: (.connectionClosed, nil)
            case .reset: (.connectionReset, nil)
            case .timeout: (.timeout, nil)
            }
        let shown = presented.map {
            ProbeText.shown($0.utf8.prefix(ReceivedBytes.shown), escapingBackslash: false)
        }
        self.init(check: .netStartTLS, reason: reason, presented: shown, address: address)
    }
}

enum ProbeText {
    /// Printable ASCII as it is, anything else as `\xNN`: a stranger's bytes end up in logs and terminals.
    static func shown(_ bytes: some Sequence<UInt8>, escapingBackslash: Bool = true) -> String {
        var text = ""
        for byte in bytes {
            switch byte {
            case 0x0a: text += "\\n"
            case 0x0d: text += "\\r"
            case 0x5c where escapingBackslash: text += "\\\\"
            case 0x20...0x7e: text.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let hex = String(byte, radix: 16)
                text += "\\x" + (hex.count < 2 ? "0" : "") + hex
            }
        }
        return text
    }
}
