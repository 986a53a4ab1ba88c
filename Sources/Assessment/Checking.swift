import Certificates
import Reports
import TrustStores
import Validation

/// One check, from the request to the report. By reference: what is asked and what was seen would else be in
/// the frame of every function that waits for the peer, and of scans two thousand rows wait at once.
final class Checking {
    private let assessor: Assessor
    private var asked: Assessor.Asked
    private let endpoint: Endpoint
    private let deadline: ContinuousClock.Instant
    private let now: Instant
    private let id: String
    private var record: EvidenceRecord?

    /// Throws what is wrong with the request. The deadline counts from here.
    init(
        _ assessor: Assessor, _ request: ParsedRequest, given: Set<String>, now: Instant, id: String
    ) throws(OptionErrors) {
        guard var endpoint = request.endpoint else {
            throw OptionErrors([
                OptionError(.optionMissing, at: "", "there is no target: give target or host")
            ])
        }
        asked = try assessor.asked(request, given: given, host: endpoint.host.text)
        asked.options.aia = asked.options.aia ?? true
        if endpoint.sni == nil {
            // As `curl --resolve`: the name asked for is the name sent.
            endpoint.sni = request.options.names.lazy.compactMap(\.serverName).first
        }
        try assessor.check(endpoint)
        (self.assessor, self.endpoint, self.now, self.id) = (assessor, endpoint, now, id)
        deadline = ContinuousClock.now + request.options.timeout
    }

    /// Connects and collects, whatever the connection does, and fetches what is missing.
    func collect() async {
        if endpoint.isFleet || endpoint.samples > 1 {
            seen(await assessor.prober.probeEach(endpoint, deadline: deadline), isFleet: true)
        } else {
            seen([await assessor.prober.probe(endpoint, deadline: deadline)], isFleet: false)
        }
        if endpoint.hasVariants { await collectVariants() }
        await collectMissing()
    }

    private func collectMissing() async {
        guard let record else { return }
        self.record = await assessor.complete(record, asked, deadline: deadline)
    }

    private func collectVariants() async {
        guard let record else { return }
        let shown = record.isFleet ? record.members.first { !$0.presented.isEmpty } : record.members.first
        guard let shown else { return }
        self.record?.variants = await assessor.prober.probeVariants(of: endpoint, shown, deadline: deadline)
    }

    @inline(never)
    private func seen(_ members: [Evidence], isFleet: Bool) {
        let handshake = isFleet ? nil : members.first?.handshake
        let target = Target(
            host: endpoint.host.text, port: endpoint.port, address: handshake?.address, sni: handshake?.sni,
            startTLS: endpoint.startTLS)
        record = asked.record(members, target: target, now: now, id: id)
        record?.isFleet = isFleet
    }

    /// Judges what was collected.
    var report: Report {
        asked.judge(record ?? asked.record([Evidence()], target: nil, now: now, id: id))
    }
}

extension ReferenceIdentifier {
    /// What may be sent as server name (RFC 6066 §3): never an IP address, and no wildcard.
    fileprivate var serverName: String? {
        guard case .dns(let name, _) = self, !name.hasPrefix("*") else { return nil }
        return name
    }
}
