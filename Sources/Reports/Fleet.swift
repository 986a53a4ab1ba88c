import Certificates
import JSON

/// The addresses of one name side by side: each distinct presentation is judged by itself, never their union.
package struct Fleet: Sendable {
    /// Worst first.
    package var groups: [Group]
    package var failed: [Failed]

    /// One presentation, sent by every address that answered.
    package var isConsistent: Bool { groups.count <= 1 }
    /// Addresses that were tried.
    package var addresses: Int { Set(groups.flatMap(\.addresses) + failed.map(\.address)).count }

    package init(groups: [Group], failed: [Failed]) { (self.groups, self.failed) = (groups, failed) }

    /// The addresses that send the same certificates, and what is made of them.
    package struct Group: Sendable {
        package var addresses: [String]
        /// Handshakes that showed it; more than the addresses when each was asked several times.
        package var seen: Int
        package var leaf: SHA256Digest?
        package var verdict: Verdict
        package var state: State
        package var firstBreak: FirstBreak?
        package var findings: [Finding]

        package init(addresses: [String], seen: Int, report: Report) {
            (self.addresses, self.seen, leaf) = (addresses, seen, report.leaf)
            (verdict, state, firstBreak) = (report.verdict, report.state, report.firstBreak)
            // Their indices are those of paths that this report does not show.
            findings = report.findings.map { finding in
                var finding = finding
                finding.path = nil
                return finding
            }
        }
    }

    /// An address that showed no certificate.
    package struct Failed: Sendable, Equatable {
        /// Empty when the egress policy refused it: where a name leads is not told then.
        package var address: String
        package var check: CheckID
        package var reason: Reason

        package init(address: String, check: CheckID, reason: Reason) {
            (self.address, self.check, self.reason) = (address, check, reason)
        }
    }
}

extension Fleet {
    func write(at: Instant, _ json: inout JSONWriter) {
        json.key("fleet")
        json.beginObject()
        json.member("consistent", isConsistent)
        json.list("groups", groups) { group, json in
            json.beginObject()
            json.member("addresses", group.addresses)
            json.member("seen", group.seen)
            json.member("leaf", group.leaf)
            json.member("verdict", group.verdict.rawValue)
            json.member("state", group.state.rawValue)
            group.firstBreak?.write(at: at, &json)
            json.list("findings", group.findings) { $0.write(&$1) }
            json.endObject()
        }
        json.list("failed", failed) { failed, json in
            json.beginObject()
            json.member("address", failed.address.isEmpty ? nil : failed.address)
            json.member("check", failed.check.rawValue)
            json.member("reason", failed.reason.rawValue)
            json.endObject()
        }
        json.endObject()
    }
}

extension FirstBreak {
    /// - Parameter at: the instant judged for; `in_seconds` counts from it.
    func write(at instant: Instant, _ json: inout JSONWriter) {
        json.key("first_break")
        json.beginObject()
        json.member("at", at)
        json.member("in_seconds", at - instant)
        json.member("store", store)
        json.member("cause", cause.rawValue)
        json.member("certificate", certificate)
        json.member("address", address)
        json.endObject()
    }
}
