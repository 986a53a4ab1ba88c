import ArgumentParser
import Certificates
import Checks
import HTTPAPI
import Reports

struct ValidateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "validate", abstract: "Judges the certificates in files.",
        discussion: """
            A file holds PEM, or one certificate or PKCS#7 in DER; private keys in it are skipped and never \
            leave this process. With several files the exit code is that of the worst: ok, unknown, warning, \
            critical.
            """)

    @Argument(help: "FILE, or - for standard input.")
    var file: [String]

    @Option(help: "File with a private key: does it belong to the end entity?")
    var key: String?

    @OptionGroup var judging: JudgingOptions
    @OptionGroup var common: CommonOptions

    func run() async throws {
        let assessor = try common.assessor()
        let flags = OptionInput.flags(try Usage.check { () throws(SettingsError) in try judging.pairs() })
        let given = Set(flags.map(\.name))
        let keyInfo = try Usage.check { () throws(SettingsError) in try key.map(KeyFile.publicKeyInfo) }
        var answers = Answers(try Flags.parse(flags, .validate), judging: judging)
        for path in file {
            let bytes: [UInt8]
            do throws(SettingsError) {
                bytes = try InputFile.read(path, flag: path)
            } catch {
                answers.add(unreadable: error, for: path)
                continue
            }
            do throws(OptionErrors) {
                var request = try OptionParser.parse(flags, for: .validate)
                request.posted = Self.posted(bytes)
                let now = Engine.clock()
                var report = try await assessor.validate(
                    request, given: given, now: now, id: SortableID.make(at: now))
                if let keyInfo { report.addKey(keyInfo) }
                answers.add(report)
            } catch {
                answers.add(error, for: path)
            }
        }
        try answers.end()
    }

    /// PEM when there is a BEGIN line, else DER: of PKCS#7 when it starts with that content type, else of a
    /// certificate.
    static func posted(_ bytes: [UInt8]) -> PostedCertificates {
        let text = String(decoding: bytes, as: UTF8.self)
        if text.contains("-----BEGIN ") { return .pem(withoutPrivateKeys(bytes, text)) }
        // An empty file and text without a block are told so by the PEM decoder.
        guard bytes.first == 0x30 else { return .pem(bytes) }
        let signedData: [UInt8] = [0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x07, 0x02]
        // The content type follows the outer SEQUENCE's header of 2 to 6 octets (RFC 2315 §7).
        let isPKCS7 = (2...6).contains { bytes.dropFirst($0).starts(with: signedData) }
        return isPKCS7 ? .pkcs7(bytes) : .der(bytes)
    }

    /// HAProxy and others keep certificates and key in one file. The API refuses such a body; here it stays
    /// local.
    private static func withoutPrivateKeys(_ bytes: [UInt8], _ text: String) -> [UInt8] {
        guard text.contains("PRIVATE KEY-----") else { return bytes }
        var kept: [UInt8] = []
        do {
            try PEM.scan(bytes, allowingPrivateKeys: true) { block, _ in
                guard !block.label.hasSuffix("PRIVATE KEY") else { return }
                kept += Array(PEM.encode(block.der, label: block.label).utf8)
            }
        } catch {
            // Damaged: the decoder says how.
            return bytes
        }
        return kept
    }
}

enum KeyFile {
    static func publicKeyInfo(_ path: String) throws(SettingsError) -> [UInt8] {
        let bytes = try InputFile.read(path, flag: "--key")
        do {
            return try PrivateKey.publicKeyInfo(pem: bytes)
        } catch {
            let why =
                switch error {
                case .absent: "holds no private key in PEM"
                case .undecodable: "holds a private key that is encrypted, damaged or of an unknown algorithm"
                }
            throw SettingsError(source: "--key", detail: "\(path) \(why)")
        }
    }
}

extension Report {
    /// Whether a private key is the end entity's: a question of the command line alone, since keys stay
    /// local.
    fileprivate mutating func addKey(_ keyInfo: [UInt8]) {
        guard let digest = leaf, let certificate = self[digest] else { return }
        guard certificate.key.der != keyInfo else {
            checks.passed += 1
            if includes.contains(.checks) {
                checks.list.append(CheckOutcome(check: .chainKey, status: .passed))
            }
            return
        }
        let text = ReasonText.of(.keyMismatch)
        findings.insert(
            Finding(
                check: .chainKey, kind: .presentation, reason: .keyMismatch, severity: .error,
                message: text.message(certificate.subject.display, expected: nil, presented: nil),
                certificate: digest,
                expected: certificate.spkiSHA256.hex, presented: SHA256Digest(of: keyInfo).hex,
                reference: Reference.rfc(8446, "4.4.3").description, fix: text.fix),
            at: 0)
        state = .critical
        summary = "The private key does not belong to the end entity. \(summary)"
        if includes.contains(.checks) {
            checks.list.append(CheckOutcome(check: .chainKey, status: .failed, reason: .keyMismatch))
        }
    }
}
