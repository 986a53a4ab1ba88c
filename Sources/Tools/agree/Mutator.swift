import Certificates
import Fixtures

/// Changes good certificates in many ways, most of them signed again so that only the content is odd.
struct Mutator {
    var random: RandomSource

    init(seed: UInt64) { random = RandomSource(seed: seed) }

    /// End entity first.
    mutating func chain(_ family: Family) -> [[UInt8]] {
        // An issuer's key stays, so that what it signed is still good below it.
        let oddIssuer = random.chance(8)
        let above =
            oddIssuer
            ? mutant(of: family.issuer.certificate, signedBy: family.root.key, keepsKey: true)
            : family.issuer.certificate.der
        let below = oddIssuer && random.chance(50) ? family.leaf.der : leaf(family)
        return [below, above]
    }

    private mutating func leaf(_ family: Family) -> [UInt8] {
        mutant(of: family.leaf, signedBy: family.issuer.key, keepsKey: false)
    }

    private mutating func mutant(
        of certificate: FixtureCertificate, signedBy key: Key, keepsKey: Bool
    ) -> [UInt8] {
        let way = pick(0..<10)
        var der = certificate.der
        if way < 5 {
            let count = pick(1...2)
            der =
                certificate.reissued { spec in
                    for _ in 0..<count { change(&spec, keepsKey: keepsKey) }
                }.der
        }
        if way >= 4 { der = elements(of: der, certificate.spec.digest, key) }
        if random.chance(6) { der = flipped(der) }
        return der
    }

    private mutating func elements(of der: [UInt8], _ digest: DigestKind, _ key: Key) -> [UInt8] {
        guard var tree = DERTree(der), tree.children.count == 3 else { return der }
        let signsAgain = random.chance(80)
        for _ in 0..<pick(1...3) {
            // What is signed again is changed in the signed part only.
            if signsAgain { element(&tree.children[0]) } else { element(&tree) }
        }
        if signsAgain {
            let bits = key.sign(tree.children[0].der, digest: digest)
            guard let signature = DERTree(Encode.bitString(bits)) else { return der }
            tree.children[2] = signature
        }
        return tree.der
    }

    private mutating func element(_ tree: inout DERTree) {
        let number = pick(0..<tree.count)
        let (way, a, b) = (pick(0..<9), random.next(), random.next())
        tree.change(number) { node in
            let count = node.children.count
            let (i, j) = count > 0 ? (Int(a % UInt64(count)), Int(b % UInt64(count))) : (0, 0)
            switch way {
            case 0 where count > 1: node.children.swapAt(i, j)
            case 1 where count > 0: node.children.remove(at: i)
            case 2 where count > 0: node.children.insert(node.children[i], at: j)
            case 3: node.tag = Self.tags[Int(a % UInt64(Self.tags.count))]
            case 4: node.isPadded = true
            case 5: node.content.append(UInt8(truncatingIfNeeded: a))
            case 6 where !node.prefix.isEmpty: node.prefix[0] = UInt8(a % 9)
            case 7 where count > 0: node.children = []
            default:
                guard !node.content.isEmpty else {
                    node.tag ^= UInt8(1 << (a % 8))
                    return
                }
                let at = Int(a % UInt64(node.content.count))
                node.content[at] =
                    b & 1 == 0 ? node.content[at] ^ UInt8(1 << (b >> 1 & 7)) : UInt8(b >> 8 & 0xFF)
            }
        }
    }

    private mutating func flipped(_ der: [UInt8]) -> [UInt8] {
        var out = der
        for _ in 0..<pick(1...3) { out[pick(0..<out.count)] = UInt8(truncatingIfNeeded: random.next()) }
        return out
    }

    mutating func pick(_ range: Range<Int>) -> Int { Int.random(in: range, using: &random) }
    mutating func pick(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }

    private static let tags: [UInt8] = [
        0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x0C, 0x13, 0x14, 0x16, 0x17, 0x18, 0x1C, 0x1E, 0x30, 0x31, 0x80,
        0x81, 0x82, 0x86, 0x87, 0xA0, 0xA1, 0xA3, 0xA4,
    ]
}
