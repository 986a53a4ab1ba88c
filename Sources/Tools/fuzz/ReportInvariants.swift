import Certificates
import Dialects
import Fixtures
import Reports
import TrustStores
import Validation

/// What holds of every judgement.
enum ReportInvariants {
    /// Judges twice, the second time with full caches and by the fast road, and looks at the answer.
    static func judge(
        presented: [[UInt8]], options: Options, source: Evidence.Source = .handshake
    ) throws(BrokenInvariant) -> Report {
        var evidence = Evidence()
        (evidence.presented, evidence.source) = (presented, source)
        let question = Question(
            evidence: evidence, options: options, stores: Stage.stores.all, at: Fixtures.now,
            checkedAt: Fixtures.now, id: "fuzz")
        let cache = CertificateCache()
        let fullRoad = Validator(stores: Stage.stores, cache: cache, caPaths: nil)
        let report = fullRoad.judge(question)
        let json = report.json()
        var second = Validator(stores: Stage.stores, cache: cache, caPaths: Stage.caPaths).judge(question)
        // How many signatures were checked is the one thing that a cache may change.
        second.trace = report.trace
        try require(second.json() == json, "full caches change the report")
        let value = try JSONInvariants.read(json, "the report")
        try require(value.object?["verdict"]?.string == report.verdict.rawValue, "JSON has another verdict")
        try check(report, options)
        try texts(report)
        return report
    }

    private static func check(_ report: Report, _ options: Options) throws(BrokenInvariant) {
        let answers = report.stores.map(\.trusted)
        switch report.verdict {
        case .trusted:
            try require(answers.contains(true) && !answers.contains(false), "trusted, yet not by all")
        case .partlyTrusted:
            try require(answers.contains(true) && answers.contains(false), "partly trusted, yet not")
        case .untrusted:
            try require(!answers.contains(true), "untrusted, yet a store trusts it")
        case .unreachable, .indeterminate:
            try require(!answers.contains(true), "no verdict, yet a store trusts it")
        }
        for answer in report.stores where answer.trusted == true {
            guard let index = answer.path, report.paths.indices.contains(index) else {
                throw BrokenInvariant("\(answer.name) trusts it without a path")
            }
            try trusted(report.paths[index], by: answer, report, options)
        }
        for path in report.paths {
            for digest in path.certificates {
                try require(report[digest] != nil, "a certificate of a path is not described")
            }
        }
    }

    /// Shown with new objects and no cache: each signature, each validity, the anchor.
    private static func trusted(
        _ path: Path, by answer: StoreAnswer, _ report: Report, _ options: Options
    ) throws(BrokenInvariant) {
        let certificates = path.certificates.compactMap { digest in
            report[digest].flatMap { try? Certificate.parse(der: $0.der) }
        }
        guard let anchor = certificates.last, certificates.count == path.certificates.count else {
            throw BrokenInvariant("a certificate of a trusted path does not parse")
        }
        try require(path.valid, "\(answer.name) trusts a path that is not valid")
        for (child, issuer) in zip(certificates, certificates.dropFirst()) {
            try require(child.signature(by: issuer) == .valid, "a trusted path has a signature that is bad")
            try CertificateInvariants.signature(of: child, by: issuer)
            try require(issuer.subjectMatches(issuerOf: child), "a trusted path has other names")
            try require(child.isWithinValidity(at: report.at), "a trusted path is not valid now")
        }
        let held =
            answer.name == "request"
            ? options.anchors.contains(anchor.der) : Stage.stores.anchors.contains(anchor)
        try require(held, "\(answer.name) trusts an anchor that it does not hold")
        try require(answer.until.map { $0 >= report.at } ?? true, "trusted until before now")
    }

    /// What a terminal obeys is never in a text (C0, DEL, C1, bidirectional controls).
    private static func texts(_ report: Report) throws(BrokenInvariant) {
        for text in [TextReport.render(report, verbose: true), Nagios.render(report)] {
            let bad = text.unicodeScalars.first { scalar in
                switch scalar.value {
                case 0x0A: false
                case 0..<0x20, 0x7F..<0xA0, 0x202A...0x202E, 0x2066...0x2069: true
                default: false
                }
            }
            try require(bad == nil, "a text has U+\(String(bad?.value ?? 0, radix: 16, uppercase: true))")
        }
    }
}

extension Certificate {
    fileprivate func isWithinValidity(at instant: Instant) -> Bool {
        guard let notBefore, let notAfter else { return false }
        return notBefore <= instant && instant <= notAfter
    }
}
