import Certificates
import Fixtures
import Foundation
import JSON

/// Inputs to begin with: what the fixture generator makes, real certificates, and the public vectors where
/// they are. libcrypto is not instrumented, so libFuzzer would not find the way into it by itself.
package struct Seeds {
    /// Larger ones only make libFuzzer slow.
    private static let sizeLimit = 16 * 1024

    private let real: [[UInt8]]
    private let vectors: [[[UInt8]]]
    private let vectorCRLs: [[UInt8]]

    /// - Parameter repository: its folder, for `Tests/Fixtures/real`.
    /// - Parameter conformance: the folder of the vectors' JSON lines; every `stride`th case is taken.
    package init(repository: String, conformance: String?, stride: Int = 20) {
        var real: [[UInt8]] = []
        let folder = repository + "/Tests/Fixtures/real"
        let files = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
        for file in files.sorted() {
            guard let bytes = FileManager.default.contents(atPath: "\(folder)/\(file)") else { continue }
            if file.hasSuffix(".pem") { real += (try? PEM.decode(Array(bytes), limit: 100)) ?? [] }
            if file.hasSuffix(".crt") { real.append(Array(bytes)) }
        }
        self.real = real
        (vectors, vectorCRLs) = Self.read(conformance, stride: stride)
    }

    private static func read(_ folder: String?, stride: Int) -> (chains: [[[UInt8]]], crls: [[UInt8]]) {
        var chains: [[[UInt8]]] = []
        var crls: [[UInt8]] = []
        for suite in ["limbo", "bettertls", "pkits"] {
            guard let folder, let bytes = FileManager.default.contents(atPath: "\(folder)/\(suite).jsonl")
            else { continue }
            // BetterTLS has thousands of cases of one shape.
            let step = suite == "bettertls" ? stride * 20 : stride
            for (number, line) in Array(bytes).split(separator: 0x0A).enumerated()
            where number.isMultiple(of: step) {
                guard let object = (try? JSONParser.parse(Array(line)))?.object else { continue }
                func texts(_ member: String) -> [String] {
                    object[member]?.string.map { [$0] } ?? object[member]?.array?.compactMap(\.string) ?? []
                }
                let pem = (texts("leaf") + texts("intermediates") + texts("trusted")).joined(separator: "\n")
                chains.append((try? PEM.decode(Array(pem.utf8), limit: 100)) ?? [])
                for text in texts("crls") {
                    crls += (try? PEM.decodeCRLs(Array(text.utf8), limit: 100)) ?? []
                }
            }
        }
        return (chains, crls)
    }

    /// None is empty, all are small, no two are equal.
    package func all(for target: FuzzTarget) -> [[UInt8]] {
        let seeds: [[UInt8]] =
            switch target {
            case .pem: pem
            case .certificate: certificates
            case .pkcs7: bags
            case .crl: crls
            case .name: Self.names.map { Array($0.utf8) } + Self.addresses
            case .json: Self.texts.map { Array($0.utf8) } + bodies
            case .options: bodies
            case .chain: chains
            }
        var seen: Set<[UInt8]> = []
        return seeds.filter { !$0.isEmpty && $0.count <= Self.sizeLimit && seen.insert($0).inserted }
    }

    private var pem: [[UInt8]] {
        let key = Key.pool(.ec256, 0)
        let chain = StandardChains.all.prefix(4).map(\.pem)
        let bag = PEMText.block("PKCS7", StandardChains.all[0].presented.pkcs7)
        let others = [
            Stage.intermediate.crl().pem, Stage.leaf.keyPEM, PEMText.block("PUBLIC KEY", key.spki),
            "subject=/CN=x\r\n\(Stage.leaf.pem)trailing", "-----BEGIN CERTIFICATE-----\nAAAA",
            "-----BEGIN CERTIFICATE-----\nA=A=\n-----END CERTIFICATE-----\n",
            "-----BEGIN X509 CRL-----\n-----END X509 CRL-----\n",
        ]
        return (chain + [bag] + others).map { Array($0.utf8) }
            + real.prefix(4).map { Array(PEM.encode($0).utf8) }
    }

    private var certificates: [[UInt8]] {
        StandardChains.all.flatMap { $0.presented.map(\.der) }
            + StandardChains.malformedTimes.flatMap {
                StandardChains.malformedTime($0.time).presented.prefix(1).map(\.der)
            } + real + vectors.flatMap { $0 }
    }

    private var bags: [[UInt8]] {
        StandardChains.all.map { $0.presented.pkcs7 } + [[FixtureCertificate]().pkcs7]
    }

    private var crls: [[UInt8]] {
        let (upper, lower, leaf) = (Stage.root, Stage.intermediate, Stage.leaf)
        let made = [
            lower.crl(), upper.crl(), lower.crl(revoking: [leaf]), lower.crl(number: nil),
            upper.crl(revoking: [lower.certificate]), lower.crl { $0.nextUpdate = nil },
            lower.crl { $0.nextUpdate = "2026-06-30" }, lower.crl { $0.thisUpdate = "2027-01-01" },
            lower.crl { $0.version = 1 }, lower.crl { $0.signature = .flippedBit },
            lower.crl { $0.revoke(leaf, reason: 8) }, lower.crl { $0.revoke(leaf, reason: 1) },
            lower.crl { $0.extensions.append(.deltaCRLIndicator(base: 1)) },
            lower.crl {
                $0.extensions.append(.issuingDistributionPoint(uri: "http://crl.test/1", onlyUser: true))
            },
            lower.crl { $0.extensions.append(.issuingDistributionPoint(onlyCA: true)) },
            lower.crl { $0.extensions.append(.issuingDistributionPoint(someReasons: [1, 0x40])) },
            upper.crl {
                $0.extensions.append(.issuingDistributionPoint(indirect: true))
                $0.entries.append(CRLSpec.Entry(serial: leaf.serial))
                $0.entries[0].extensions = [.certificateIssuer(lower.name)]
            },
        ]
        return made.map(\.der) + vectorCRLs
    }

    /// Choices that fit, and the chain with and without its anchors.
    private var chains: [[UInt8]] {
        let made = StandardChains.all.flatMap { chain -> [[UInt8]] in
            let sent = Array(chain.presented.map(\.der).joined())
            return [[64] + sent, [16] + sent, [32] + sent + Array(chain.anchors.map(\.der).joined())]
        }
        let revoked = Stage.leaf.der + Stage.intermediate.certificate.der
        let lists = [Stage.intermediate.crl(), Stage.intermediate.crl(revoking: [Stage.leaf])]
        return made + lists.map { [4] + revoked + $0.der + Stage.root.crl().der }
            + vectors.map { [33] + Array($0.joined()) } + vectors.prefix(40).map { [43] + Array($0.joined()) }
    }
}
