import Certificates
import Fixtures
import Reports
import Testing

@testable import Checks

/// Rules by date: the last second before each date and the first after it, at the limit and a second beyond.
@Suite struct DatedFormTests {
    /// What a public CA issued, or a private one.
    static func context(
        from: Instant, seconds: Int64, isPublic: Bool = true, purpose: Purpose = .server,
        _ change: @escaping (inout CertificateSpec) -> Void = { _ in }
    ) throws -> PathContext {
        var context = try Bench.leaf {
            $0.notBefore = .instant(from)
            $0.notAfter = .instant(from + (seconds - 1))
            change(&$0)
        }.with { $0.purpose = purpose }.context()
        context.isPublic = isPublic
        return context
    }

    static func failure(_ check: Check, _ context: PathContext) -> Failure? {
        if case .failed(let failures)? = check.evaluate?(context) { failures.first } else { nil }
    }

    static let day: Int64 = 86_400

    /// Date of issuance, days allowed, and a second that older certificates had more.
    static let limits: [(from: Instant, days: Int64, slip: Int64, effective: Instant)] = [
        ("2015-04-01", 1_188, 1, "2015-04-01"), ("2018-02-28T23:59:59Z", 1_188, 1, "2015-04-01"),
        ("2018-03-01", 825, 1, "2018-03-01"), ("2020-08-31T23:59:59Z", 825, 1, "2018-03-01"),
        ("2020-09-01", 398, 0, "2020-09-01"), ("2026-03-14T23:59:59Z", 398, 0, "2020-09-01"),
        ("2026-03-15", 200, 0, "2026-03-15"), ("2027-03-14T23:59:59Z", 200, 0, "2026-03-15"),
        ("2027-03-15", 100, 0, "2027-03-15"), ("2029-03-14T23:59:59Z", 100, 0, "2027-03-15"),
        ("2029-03-15", 47, 0, "2029-03-15"),
    ]

    @Test(arguments: limits.indices) func lifetime(_ index: Int) throws {
        let (from, days, slip, effective) = Self.limits[index]
        let longest = days * Self.day + slip
        let good = try Self.context(from: from, seconds: longest)
        #expect(Check.validityPeriod.evaluate?(good) == .passed, "\(from)")
        let bad = try Self.context(from: from, seconds: longest + 1)
        let failure = try #require(Self.failure(.validityPeriod, bad), "\(from)")
        #expect(failure.reason == .lifetimeTooLong && failure.effectiveFrom == effective)
        #expect(failure.presented?.hasPrefix("\(days) days and 1 seconds") == true)
        let finding = Check.validityPeriod.finding(failure, in: bad)
        #expect(finding.severity == .warning && finding.effectiveFrom == effective)
    }

    /// Not effective yet, a private CA's, another purpose: not the same as passed.
    @Test func whomItConcerns() throws {
        let ages = 5_000 * Self.day
        for check in [Check.validityPeriod, .serverOnly, .revocationSource] {
            let early = try Self.context(from: "2015-03-31T23:59:59Z", seconds: ages)
            let own = try Self.context(from: "2029-03-15", seconds: ages, isPublic: false)
            let client = try Self.context(from: "2029-03-15", seconds: ages, purpose: .client)
            for context in [early, own, client] {
                #expect(check.evaluate?(context) == .notApplicable, "\(check.id)")
            }
        }
    }

    @Test(arguments: [
        ("2027-03-14T23:59:59Z" as Instant, true, "not applicable"), ("2027-03-15", true, "failed"),
        ("2027-03-15", false, "passed"),
    ])
    func serversAlone(_ from: Instant, _ both: Bool, _ outcome: String) throws {
        let context = try Self.context(from: from, seconds: 40 * Self.day) {
            if both {
                $0.replace(.extendedKeyUsage(PurposeOID.serverAuth, PurposeOID.clientAuth))
            }
        }
        switch Check.serverOnly.evaluate?(context) {
        case .failed(let failures):
            #expect(outcome == "failed")
            #expect(failures.first?.presented == "serverAuth, clientAuth")
            #expect(failures.first?.effectiveFrom == "2027-03-15")
        case .passed: #expect(outcome == "passed")
        case .notApplicable, nil: #expect(outcome == "not applicable")
        }
    }

    /// Ten days were short until 2026-03-15, seven are since; a longer one names where it would be revoked.
    @Test(arguments: [
        ("2024-03-14T23:59:59Z" as Instant, 11 as Int64, false), ("2024-03-15", 10, false),
        ("2024-03-15", 11, true), ("2026-03-14T23:59:59Z", 10, false), ("2026-03-15", 8, true),
        ("2026-03-15", 7, false),
    ])
    func shortLived(_ from: Instant, _ days: Int64, _ fails: Bool) throws {
        let bare = try Self.context(from: from, seconds: days * Self.day)
        #expect((Self.failure(.revocationSource, bare) != nil) == fails)
        guard fails else { return }
        #expect(Self.failure(.revocationSource, bare)?.reason == .revocationSourceAbsent)
        for source: ExtensionSpec in [
            .crlDistributionPoints("http://crl.example.com/1.crl"),
            .authorityInfoAccess(ocsp: ["http://ocsp.example.com"]),
        ] {
            let named = try Self.context(from: from, seconds: days * Self.day) { $0.add(source) }
            #expect(Check.revocationSource.evaluate?(named) == .passed)
        }
    }

    /// What the catalogue says of them.
    @Test func stages() throws {
        let entry = try #require(Catalogue.entries(of: "profile.validity").first)
        #expect(entry.stages.map(\.from) == ValidityLimit.all.map(\.from))
        #expect(entry.stages.last == Stage(from: "2029-03-15", "at most 47 days"))
        let text = String(decoding: entry.json, as: UTF8.self)
        #expect(text.contains(#""effective_from":"2015-04-01T00:00:00Z","stages":[{"#))
        let plain = try #require(Catalogue.entries(of: "profile.serial").first)
        #expect(!String(decoding: plain.json, as: UTF8.self).contains("effective_from"))
    }
}
