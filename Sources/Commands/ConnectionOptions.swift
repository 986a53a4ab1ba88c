import ArgumentParser
import Reports

/// The options of a connection as flags.
struct ConnectionOptions: ParsableArguments {
    @Option(help: "Default by scheme or --starttls, else 443.")
    var port: [String] = []

    @Option(help: "Dial this address instead of resolving the host; all: every one of its addresses.")
    var address: [String] = []

    @Option(help: "Handshakes with each address, 1 to 16: backends behind one address. Default 1.")
    var samples: [String] = []

    @Option(help: "Server name to send; empty for none. Default the first --name, else the host.")
    var sni: [String] = []

    @Option(help: "Protocol before TLS: smtp, imap, postgres, …, or none. Default by scheme and port.")
    var starttls: [String] = []

    @Flag(help: "Also without SNI, for RSA and for ECDSA keys, and at the lowest version of TLS.")
    var variants = false

    @Option(help: "Name of a pair of --client-certificates to present when the server asks for one.")
    var clientCertificate: [String] = []

    @Option(help: "For everything together. Default 8s.")
    var timeout: [String] = []

    /// Pairs of option name and text.
    var pairs: [(name: String, value: String)] {
        let given: [(String, [String])] = [
            ("port", port), ("address", address), ("samples", samples), ("sni", sni),
            ("starttls", starttls), ("timeout", timeout), ("variants", variants ? ["true"] : []),
            ("client_certificate", clientCertificate),
        ]
        return given.flatMap { name, values in values.map { (name, $0) } }
    }
}
