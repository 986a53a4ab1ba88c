import Certificates
import Fixtures
import Reports
@testable import TrustStores

/// The chains of StoreTable.
extension StoreTable {
    typealias Authority = Fixtures.Authority
    typealias StandIn = StandInStores.StandIn

    /// Lists of 2025 that still hold what has gone since.
    static let lists2025 = ["mozilla": "2.74", "java": "17.0.19", "debian": "20250419+deb13u1"]

    /// Of real servers; Tests/Fixtures/real/SOURCES.json says where they come from.
    static let real: [Chain] = [
        Chain(name: "aws", file: "rustls-platform-verifier/aws_amazon_com.pem", host: "aws.amazon.com"),
        Chain(
            name: "letsencrypt", file: "rustls-platform-verifier/letsencrypt_org.pem",
            host: "letsencrypt.org"),
        // ISRG Root X1 as an anchor, and as a cross-sign by DST Root CA X3, which ended on 2021-09-30.
        Chain(name: "isrg-x1", file: "chromium/lets-encrypt-isrg-x1-root.pem", host: "t.wayfair.com"),
        Chain(name: "dst-x3", file: "chromium/lets-encrypt-dst-x3-root.pem", host: "t.wayfair.com"),
        Chain(name: "badssl", file: "rustls-platform-verifier/revoked_badssl_com.pem"),
        Chain(name: "google-2010", file: "chromium/google.chain.pem"),
        Chain(name: "diginotar", file: "chromium/google_diginotar.pem"),
        Chain(name: "entrust-g2", file: "jdk17/entrustrootcag2-chain.pem"),
        Chain(name: "entrust-g2-old", file: "jdk17/entrustrootcag2-chain.pem", versions: lists2025),
        Chain(name: "entrust-g4", file: "jdk17/entrustrootcag4-chain.pem"),
        Chain(name: "entrust-ev-old", file: "jdk17/entrustevca-chain.pem", versions: lists2025),
        Chain(name: "entrust-2048", file: "jdk17/entrust2048ca-chain.pem", versions: lists2025),
        Chain(name: "symantec", file: "jdk17/verisignclass3g5ca-chain.pem", versions: lists2025),
        Chain(name: "symantec-univ", file: "jdk17/verisignuniversalrootca-chain.pem"),
        Chain(name: "geotrust-g3", file: "jdk17/geotrustprimarycag3-chain.pem", versions: lists2025),
        Chain(name: "geotrust-univ", file: "jdk17/geotrustuniversalca-chain.pem"),
        Chain(name: "thawte", file: "jdk17/thawteprimaryrootca-chain.pem", versions: lists2025),
        // An intermediate that JDK 17's rule for Symantec exempts.
        Chain(name: "apple-ist", file: "jdk17/appleistca8g1-chain.pem", versions: lists2025),
        // A CA below Chunghwa's root, judged as an end entity: the JDK's test has no leaf.
        Chain(name: "chunghwa-ca", file: "jdk17/chunghwaepkirootca-chain.pem"),
    ]

    // MARK: generated

    /// A leaf below an intermediate below a stand-in, logged by three operators when it was issued.
    static func under(
        _ subject: String, _ name: String, issued: Instant, days: Int64 = 90,
        host: String = "www.example.com", scts: [(log: FixtureLog, at: Instant)]? = nil,
        versions: [String: String] = [:], also: [String: [AnchorCondition]] = [:],
        blocks: (Authority) -> [BlockList] = { _ in [] }, root change: Authority.Change = { _ in }
    ) -> Chain {
        let root = Authority.root("Table Root \(name)") {
            $0.notBefore = "2008-01-01"
            change(&$0)
        }
        let issuer = root.intermediate("Table Issuer \(name)") { $0.notBefore = "2012-01-01" }
        return Chain(
            name: name,
            certificates: [
                logged(issuer, host, issued: issued, days: days, scts), issuer.certificate,
            ], host: host, versions: versions,
            standIns: [StandIn(subject: subject, certificate: root.certificate, also: also)],
            blocks: blocks(issuer))
    }

    static func logged(
        _ issuer: Authority, _ host: String, issued: Instant, days: Int64 = 90,
        _ scts: [(log: FixtureLog, at: Instant)]? = nil, _ change: Authority.Change = { _ in }
    ) -> FixtureCertificate {
        let leaf = issuer.leaf(host) {
            $0.notBefore = .instant(issued)
            $0.notAfter = .instant(issued + days * 86_400 + -1)
            change(&$0)
        }
        let stampings = (scts ?? StandInStores.logs.map { ($0, issued) }).map { Stamping($0.0, at: $0.1) }
        return stampings.isEmpty ? leaf : leaf.logged(stampings)
    }

    static let isrg = "CN=ISRG Root X1,"
    static let certum = "CN=Certum Trusted Network CA,"
    static let entrust = "CN=Entrust Root Certification Authority - G2,"
    static let epki = "OU=ePKI Root Certification Authority,"
    static let netlock = "CN=NetLock Arany"
    static let izenpe = "CN=Izenpe.com,"
    static let kamu = "CN=TUBITAK Kamu SM"
    static let camerfirma = "CN=Chambers of Commerce Root - 2008,"

    static let generated: [Chain] = [
        addTrust,
        // Mozilla's list of 2023 trusts what TrustCor issued up to 2022-11-30.
        under("CN=TrustCor RootCert CA-1,", "trustcor", issued: "2022-11-15", versions: ["mozilla": "2.60"]),
        under(
            "CN=TrustCor RootCert CA-1,", "trustcor-late", issued: "2022-12-01",
            versions: ["mozilla": "2.60"]),
        // Chrome 150 counts NetLock's SCTs up to 2025-07-31; Chrome 156 has no NetLock.
        under(netlock, "netlock", issued: "2025-07-31", versions: ["chrome": "150"]),
        under(netlock, "netlock-late", issued: "2025-08-01", versions: ["chrome": "150"]),
        under(netlock, "netlock-156", issued: "2026-06-01"),
        // Chrome 156 counts Certum's up to 2026-09-30, before its date and after it.
        under(certum, "certum", issued: "2026-09-30"),
        under(certum, "certum-late", issued: "2026-10-01"),
        // One early SCT is enough, as long as the later ones make up the policy.
        under(
            certum, "certum-mixed", issued: "2026-09-30",
            scts: [
                (StandInStores.logs[0], "2026-09-30"), (StandInStores.logs[1], "2026-10-05"),
                (StandInStores.logs[2], "2026-10-05"),
            ]),
        // By date of issue: JDK 17 2024-11-11, Apple 2024-11-15, Mozilla 2024-11-30, Microsoft 2025-04-16.
        under(entrust, "entrust-1", issued: "2024-11-11", versions: lists2025),
        under(entrust, "entrust-2", issued: "2024-11-12", versions: lists2025),
        under(entrust, "entrust-3", issued: "2024-11-16", versions: lists2025),
        under(entrust, "entrust-4", issued: "2024-12-01", versions: lists2025),
        under(entrust, "entrust-5", issued: "2025-04-17", versions: lists2025),
        // The same as entrust-1 for today's lists.
        under(entrust, "entrust-now", issued: "2024-11-11"),
        // JDK 17: 2025-04-15.
        under(camerfirma, "camerfirma", issued: "2025-04-15", versions: lists2025),
        under(camerfirma, "camerfirma-late", issued: "2025-04-16", versions: lists2025),
        // JDK 25: issued up to 2026-03-17, and nothing after 2027-04-19.
        under(epki, "epki", issued: "2026-03-17", days: 500),
        under(epki, "epki-late", issued: "2026-03-18"),
        under(epki, "epki-150", issued: "2025-08-01", versions: ["chrome": "150", "mozilla": "2.74"]),
        // Mozilla: issued up to 2026-04-15; Chrome: SCTs up to 2026-04-14.
        under(izenpe, "izenpe", issued: "2026-04-14"),
        under(izenpe, "izenpe-edge", issued: "2026-04-15"),
        under(izenpe, "izenpe-late", issued: "2026-04-16"),
        // Dated back: later SCTs do not count for Mozilla.
        under(
            izenpe, "izenpe-back", issued: "2026-04-10",
            scts: StandInStores.logs.map { ($0, "2026-04-20") }),
        // The anchor ends on 2026-07-14.
        under(isrg, "anchor-ends", issued: "2026-06-01", root: { $0.notAfter = "2026-07-14T23:59:59Z" }),
        intermediateAnchor, anchorOnTheWay,
        // The issuer is not sent; its address is in the leaf.
        leafAlone("not-fetched", isFetched: false), leafAlone("fetched", isFetched: true),
        // NSS holds this anchor to .tr.
        under(kamu, "kamu-tr", issued: "2026-06-01", host: "www.example.gov.tr"),
        under(kamu, "kamu-com", issued: "2026-06-01"),
        under(
            isrg, "onecrl", issued: "2026-06-01",
            blocks: { issuer in
                guard let blocked = try? Certificate.parse(der: issuer.certificate.der) else { return [] }
                return [
                    BlockList(
                        name: "onecrl", version: "1", published: nil, clients: [ClientName("firefox")],
                        issuerSerials: [.init(issuer: blocked.issuer.der, serial: blocked.serial)],
                        subjectKeys: [:], keys: [], certificates: [])
                ]
            }),
        under(
            isrg, "blocked-key", issued: "2026-06-01",
            blocks: { issuer in
                [
                    BlockList(
                        name: "chrome", version: "1", published: nil, clients: [ClientName("chrome")],
                        issuerSerials: [], subjectKeys: [:],
                        keys: [SHA256Digest(of: issuer.key.spki)], certificates: [])
                ]
            }),
        // An anchor younger than the lists of Apple, Microsoft, Android and Java.
        under("CN=OISTE Server Root RSA G1,", "young-anchor", issued: "2026-06-01"),
        under(
            isrg, "new-condition", issued: "2026-06-01",
            also: ["mozilla": [.notUnderstood(type: "moon_phase")]]),
        // Transparency: two SCTs do for 90 days.
        under(isrg, "no-sct", issued: "2026-06-01", scts: []),
        under(
            isrg, "one-operator", issued: "2026-06-01",
            scts: [(StandInStores.logs[0], "2026-06-01"), (StandInStores.sister, "2026-06-01")]),
        under(
            isrg, "unknown-logs", issued: "2026-06-01",
            scts: [(StandInStores.logs[0], "2026-06-01"), (StandInStores.unknown, "2026-06-01")]),
        // Two SCTs, one of a log that was retired on 2026-07-01: made before, it still counts.
        under(
            isrg, "retired-log", issued: "2026-06-01",
            scts: [(StandInStores.logs[0], "2026-06-01"), (StandInStores.retired, "2026-06-01")]),
        // A lifetime of more than 180 days needs three.
        under(
            isrg, "two-for-long", issued: "2026-06-01", days: 181,
            scts: StandInStores.logs[..<2].map { ($0, "2026-06-01") }),
    ]

    /// The outage of 2020-05-30: USERTrust is an anchor, and is sent as a cross-sign by AddTrust, which ended
    /// on that day and is still an anchor of JDK 17.
    static let addTrust: Chain = {
        let old = Authority.root("Table AddTrust") {
            $0.notBefore = "2000-05-30"
            $0.notAfter = "2020-05-30T10:48:38Z"
        }
        let new = Authority.root("Table USERTrust") { $0.notBefore = "2010-02-01" }
        let cross = new.crossSigned(by: old) {
            $0.notBefore = "2000-05-30"
            $0.notAfter = "2020-05-30T10:48:38Z"
        }
        let issuer = new.intermediate("Table Sectigo") { $0.notBefore = "2018-11-02" }
        return Chain(
            name: "addtrust",
            certificates: [
                logged(issuer, "www.example.com", issued: "2020-05-01"), issuer.certificate,
                cross.certificate,
            ], host: "www.example.com", versions: ["java": "17.0.19"],
            standIns: [
                StandIn(
                    subject: "CN=USERTrust RSA Certification Authority,", certificate: new.certificate),
                StandIn(subject: "CN=AddTrust External CA Root,", certificate: old.certificate),
            ])
    }()

    /// Chrome alone anchors an intermediate, until it ends on 2026-07-14; no list has its root.
    static let intermediateAnchor: Chain = {
        let root = Authority.root("Table Hidden Root")
        let issuer = root.intermediate("Table R12") { $0.notAfter = "2026-07-14T23:59:59Z" }
        return Chain(
            name: "anchored-issuer",
            certificates: [logged(issuer, "www.example.com", issued: "2026-06-01"), issuer.certificate],
            host: "www.example.com",
            standIns: [StandIn(subject: "CN=R12,", certificate: issuer.certificate)])
    }()

    /// The same with its root in every list: an anchor on the way ends a path and not the search.
    static let anchorOnTheWay: Chain = {
        let root = Authority.root("Table Known Root")
        let issuer = root.intermediate("Table R13") { $0.notAfter = "2026-07-14T23:59:59Z" }
        return Chain(
            name: "anchor-on-way",
            certificates: [logged(issuer, "www.example.com", issued: "2026-06-01"), issuer.certificate],
            host: "www.example.com",
            standIns: [
                StandIn(subject: "CN=R12,", certificate: issuer.certificate),
                StandIn(subject: isrg, certificate: root.certificate),
            ])
    }()

    /// The leaf alone; its issuer is one download away.
    static func leafAlone(_ name: String, isFetched: Bool) -> Chain {
        let url = "http://ca.example/\(name).cer"
        let root = Authority.root("Table Root \(name)")
        let issuer = root.intermediate("Table Issuer \(name)")
        let issued: Instant = "2026-06-01"
        let leaf = logged(issuer, "www.example.com", issued: issued) {
            $0.add(.authorityInfoAccess(caIssuers: [url]))
        }
        let wanted = Wanted(kind: .issuer, url: url, certificate: leaf.sha256)
        return Chain(
            name: name, certificates: [leaf], host: "www.example.com",
            standIns: [StandIn(subject: isrg, certificate: root.certificate)],
            fetched: isFetched
                ? [Fetched(wanted: wanted, result: .success(Octets(issuer.certificate.der)), at: issued)]
                : [])
    }
}
