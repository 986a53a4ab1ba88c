/// The name of a program that uses a store: `libcrypto`, `firefox`.
package struct ClientName: Hashable, Sendable, CustomStringConvertible {
    package let text: String
    package init(_ text: String) { self.text = text }
    package var description: String { text }

    /// The client of `request` and of operators' stores: libcrypto with every path tried.
    package static let libcrypto = ClientName("libcrypto")
    /// The client of `debian` and `system`, whose programs have libcrypto's own builder.
    package static let curl = ClientName("curl")
}

/// How a program uses a store's anchors, as far as it is known: `clients/NAME.json`.
package struct Client: Sendable, Equatable {
    /// What it does when an intermediate is not sent.
    package enum Completion: String, Sendable, CaseIterable {
        /// It refuses.
        case nothing = "none"
        /// It has a list of known intermediates and fetches nothing.
        case preload
        /// It fetches the issuer that the certificate names (RFC 5280 §4.2.2.1).
        case aia
    }

    /// How it finds a path among what was sent and its anchors.
    package enum Building: String, Sendable, CaseIterable {
        /// It goes back where a certificate leads astray: whatever path is good is found.
        case all
        /// libcrypto's own builder: greedy, never back.
        case openssl
        /// The first issuer in the order sent, never back.
        case first
    }

    package let name: ClientName
    package let title: String
    package let completes: Completion
    package let builds: Building
    /// What it accepts though libcrypto at security level 2 does not; what it refuses besides; of what it is
    /// not known.
    package let tolerates: [ClientEntry]
    package let refuses: [ClientEntry]
    package let unknown: [ClientEntry]
    package let sources: [Source]

    /// Where a fact is known from.
    package struct Source: Sendable, Equatable {
        package let fact: String
        /// `ran`: the program was run on generated chains; `source`: read in its source or its maker's page.
        package let how: String
        package let source: String
        package init(fact: String, how: String, source: String) {
            (self.fact, self.how, self.source) = (fact, how, source)
        }
    }

    package init(
        name: ClientName, title: String = "", completes: Completion, builds: Building = .all,
        tolerates: [ClientEntry] = [], refuses: [ClientEntry] = [], unknown: [ClientEntry] = [],
        sources: [Source] = []
    ) {
        (self.name, self.title, self.completes, self.builds) = (name, title, completes, builds)
        (self.tolerates, self.refuses, self.unknown, self.sources) = (tolerates, refuses, unknown, sources)
    }
}
