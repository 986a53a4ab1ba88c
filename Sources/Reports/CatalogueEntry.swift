import Certificates
import JSON

/// What the catalogue says of one check, for people and programs. Values only; the catalogue makes them.
package struct CatalogueEntry: Sendable, Equatable {
    package var id: CheckID
    /// States the requirement, without a full stop.
    package var title: String
    package var kind: Kind
    /// When it fails; a finding may say less (DESIGN: at the anchor, or when nothing was established).
    package var severity: Severity
    /// The rule's source: "RFC 5280 4.2.1.9".
    package var reference: String
    /// What a rule by date demands since when, in order of time; empty for one that always holds.
    package var stages: [Stage] = []
    /// In a fixed order, the most telling first.
    package var reasons: [ExplainedReason]

    package init(
        id: CheckID, title: String, kind: Kind, severity: Severity, reference: String, stages: [Stage] = [],
        reasons: [ExplainedReason]
    ) {
        self.stages = stages
        (self.id, self.title, self.kind, self.severity) = (id, title, kind, severity)
        (self.reference, self.reasons) = (reference, reasons)
    }
}

/// What a rule demands of what is issued from an instant on, until its next stage.
package struct Stage: Sendable, Equatable {
    package let from: Instant
    package let requirement: String

    package init(from: Instant, _ requirement: String) { (self.from, self.requirement) = (from, requirement) }
}

/// A reason with what it means, and what to do where something is to be done.
package struct ExplainedReason: Sendable, Equatable {
    package var reason: Reason
    package var meaning: String
    package var fix: Fix?

    package init(_ reason: Reason, meaning: String, fix: Fix?) {
        (self.reason, self.meaning, self.fix) = (reason, meaning, fix)
    }
}

extension CatalogueEntry {
    /// The entry alone, with a newline at its end.
    package var json: [UInt8] {
        var out = JSONWriter(reserving: 1024)
        write(&out)
        out.newline()
        return out.bytes
    }

    /// A list of the API, never paged: `{"items": […], "next": null}`.
    package static func json(_ entries: [CatalogueEntry]) -> [UInt8] {
        var out = JSONWriter(reserving: 512 * (entries.count + 1))
        out.beginObject()
        out.key("items")
        out.beginArray()
        for entry in entries { entry.write(&out) }
        out.endArray()
        out.key("next")
        out.null()
        out.endObject()
        out.newline()
        return out.bytes
    }

    private func write(_ out: inout JSONWriter) {
        out.beginObject()
        out.member("id", id.rawValue)
        out.member("title", title)
        out.member("kind", kind.rawValue)
        out.member("severity", severity.rawValue)
        out.member("reference", reference)
        if let first = stages.first {
            out.member("effective_from", first.from)
            out.list("stages", stages) { stage, out in
                out.beginObject()
                out.member("effective_from", stage.from)
                out.member("requirement", stage.requirement)
                out.endObject()
            }
        }
        out.list("reasons", reasons) { reason, out in
            out.beginObject()
            out.member("reason", reason.reason.rawValue)
            out.member("meaning", reason.meaning)
            if let fix = reason.fix { out.object("fix", fix.writeMembers) }
            out.endObject()
        }
        out.endObject()
    }
}
