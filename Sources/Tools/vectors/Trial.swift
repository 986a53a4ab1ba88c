import Certificates
import Reports
import TrustStores
import Validation

/// One vector put to the engine.
package struct Trial: Sendable {
    package let vector: Vector
    /// Nil when something could not be decoded, so that there was nothing to judge.
    package let report: Report?
    /// What could not be decoded.
    package let refusal: String?

    /// - Parameter now: the instant of vectors that name none.
    package init(_ vector: Vector, _ engine: Engine, now: Instant) {
        self.vector = vector
        do {
            report = try Self.judge(vector, engine, now: now)
            refusal = nil
        } catch {
            report = nil
            refusal = error.what
        }
    }

    /// The verdict is trusted and the path conforms.
    package var accepted: Bool { report?.verdict == .trusted && report?.conforms == true }

    package var passed: Bool { accepted == vector.expectsSuccess || (vector.mayRefuse && !accepted) }

    /// A finding that stood against the path, as `check/reason@place`.
    package var decisive: [String] {
        guard let report else { return [refusal ?? ""] }
        let against = report.findings.filter { $0.kind != .presentation && ($0.status != .passed) }
        var out: [String] = []
        for finding in against {
            let place = finding.place.map { "@\($0.rawValue)" } ?? ""
            let open = finding.status == .notEstablished ? "?" : ""
            let text = "\(finding.check.rawValue)/\(finding.reason.rawValue)\(place)\(open)"
            if !out.contains(text) { out.append(text) }
        }
        return out
    }

    private struct Undecodable: Error { let what: String }

    private static func judge(
        _ vector: Vector, _ engine: Engine, now: Instant
    ) throws(Undecodable) -> Report {
        var options = try options(vector)
        options.anchors = try certificates(vector.trusted, "trusted")
        for der in options.anchors {
            do { _ = try engine.cache.certificate(der: der) } catch {
                throw Undecodable(what: "trusted: \(error)")
            }
        }
        var evidence = Evidence()
        evidence.source = .handshake
        evidence.presented = try certificates([vector.leaf], "leaf")
        evidence.presented += try certificates(vector.intermediates, "intermediates")
        let at = try instant(vector, now)
        return engine.validator.judge(
            Question(
                evidence: evidence, options: options, stores: [], storesFrom: .request, at: at, checkedAt: at,
                id: vector.id))
    }

    private static func options(_ vector: Vector) throws(Undecodable) -> Options {
        var options = Options()
        let isPKITS = vector.suite == "pkits"
        options.profile = isPKITS ? .rfc5280 : .webpki
        options.purpose =
            switch vector.kind {
            case "SERVER": .server
            case "CLIENT": .client
            default: .any
            }
        for name in vector.names where name.kind == "DNS" || name.kind == "IP" {
            do { options.names.append(try ReferenceIdentifier(parsing: name.value)) } catch {
                throw Undecodable(what: "name \(name.value)")
            }
        }
        options.maxDepth = vector.maxDepth
        options.policies.acceptable = vector.policies
        options.policies.requireExplicitPolicy = vector.requiresPolicy
        options.policies.inhibitPolicyMapping = vector.inhibitsMapping
        options.policies.inhibitAnyPolicy = vector.inhibitsAnyPolicy
        for crl in vector.crls {
            do { options.crls += try PEM.decodeCRLs(Array(crl.utf8), limit: 100) } catch {
                throw Undecodable(what: "crl: \(error)")
            }
        }
        // PKITS demands a CRL of every issuer; limbo gives CRLs for what it wants checked.
        if isPKITS { options.revocation = .hard }
        return options
    }

    private static func instant(_ vector: Vector, _ now: Instant) throws(Undecodable) -> Instant {
        guard let text = vector.at else { return now }
        guard let at = Instant(rfc3339: text) else { throw Undecodable(what: "validation_time \(text)") }
        return at
    }

    private static func certificates(_ texts: [String], _ what: String) throws(Undecodable) -> [[UInt8]] {
        var out: [[UInt8]] = []
        for text in texts {
            do { out += try PEM.decode(Array(text.utf8), limit: PostedCertificates.limit) } catch {
                throw Undecodable(what: "\(what): \(error)")
            }
        }
        return out
    }
}
