import Certificates
import Reports

/// A module of blackbox_exporter's configuration, as far as it is about TLS.
package struct ProbeModule: Sendable, Equatable {
    package enum Prober: String, Sendable, CaseIterable { case tcp, http }

    package var prober: Prober
    /// Nil: as long as the scrape allows.
    package var timeout: Duration?
    /// Reference identifier and server name, stronger than the request's.
    package var serverName: String?
    /// The only anchors, as DER; nil: the stores asked for.
    package var anchors: [[UInt8]]?
    /// `probe_success` then only says that a chain was shown.
    package var skipsVerification = false
    package var family = FamilyChoice()
    /// Protocol before TLS; nil: by the port.
    package var startTLS: StartTLS?

    package init(_ prober: Prober) { self.prober = prober }
}

/// The modules of this server by name. Names that start with `ssl_exporter` answer in that exporter's names.
package struct ProbeModules: Sendable, Equatable {
    private var byName: [String: ProbeModule]

    /// What is there without a configuration: blackbox_exporter's default module, and one for any TLS port.
    package static let standard = ProbeModules([
        "http_2xx": ProbeModule(.http), "tcp_tls": ProbeModule(.tcp), "ssl_exporter": ProbeModule(.tcp),
    ])

    package init(_ byName: [String: ProbeModule]) { self.byName = byName }

    package subscript(_ name: String) -> ProbeModule? { byName[name] }

    /// Those of a configuration take the place of the standard ones of the same name.
    package func merging(_ more: [String: ProbeModule]) -> ProbeModules {
        ProbeModules(byName.merging(more) { _, new in new })
    }
}
