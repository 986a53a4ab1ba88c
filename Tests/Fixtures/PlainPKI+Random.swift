import Certificates

extension PlainPKI {
    private static let dnsNames = ["www.a.test", "api.a.test", "www.b.test", "*.a.test", "*.b.test"]
    private static let subtrees = ["test", "a.test", "b.test", "www.a.test", "api.a.test"]

    /// A PKI that follows from its seed: a backbone from an anchor to the end entity that is mostly sound,
    /// then whatever else: cross-signs in any direction (hence cycles and dead ends), several keys of one
    /// name, renewed and expired CAs, strangers' roots, CAs that are none, path lengths and name constraints.
    /// At most 2 to 4 names with 1 or 2 keys each and some 20 certificates, so that brute force stays cheap.
    package init(seed: UInt64) {
        var random = RandomSource(seed: seed)
        var identities = [Identity]()
        let names = Int.random(in: 2...4, using: &random)
        for name in 0..<names {
            for _ in 0..<(random.chance(40) ? 2 : 1) {
                identities.append(Identity(name: name, key: identities.count))
            }
        }
        identities.shuffle(using: &random)
        let length = Int.random(in: 1...min(4, identities.count), using: &random)
        let backbone = Array(identities.prefix(length))

        var edges = [Edge]()
        func add(_ edge: Edge) { if !edges.contains(edge) { edges.append(edge) } }
        add(Self.endEntity(names: names, issuer: backbone[length - 1], &random))
        for (issuer, subject) in zip(backbone, backbone.dropFirst()) {
            add(Self.authority(issuer, subject, defects: 9, &random))
        }
        for _ in 0..<Int.random(in: 0...10, using: &random) {
            let issuer = identities[Int.random(in: 0..<identities.count, using: &random)]
            let subject = identities[Int.random(in: 0..<identities.count, using: &random)]
            add(Self.authority(issuer, subject, defects: 15, &random))
        }
        // Renewed: the same names, keys and constraints, other dates.
        for edge in edges.dropFirst() where random.chance(15) {
            var renewed = edge
            (renewed.notBefore, renewed.notAfter) = Self.validity(defects: 25, &random)
            add(renewed)
        }

        let sent = edges.indices.dropFirst().filter { _ in !random.chance(5) }.shuffled(using: &random)
        self.init(
            seed: seed, edges: edges, presented: [0] + sent, anchors: [],
            name: random.chance(8) ? "www.c.test" : Self.reference(edges[0].dnsNames, &random),
            showsIdentifiers: !random.chance(20))
        addAnchors(first: backbone[0], among: identities, &random)
    }

    /// Most anchors are self-signed and not sent; some are certificates of the mesh itself.
    private mutating func addAnchors(
        first: Identity, among identities: [Identity], _ random: inout RandomSource
    ) {
        var trusted = [first]
        if random.chance(35) {
            trusted.append(identities[Int.random(in: 0..<identities.count, using: &random)])
        }
        for identity in trusted {
            let known = edges.indices.filter { $0 > 0 && edges[$0].subject == identity }
            if random.chance(20), let index = known.randomElement(using: &random) {
                anchors.append(index)
                continue
            }
            let root = Self.authority(identity, identity, defects: 3, &random)
            let index = edges.firstIndex(of: root) ?? edges.count
            if index == edges.count { edges.append(root) }
            anchors.append(index)
            if random.chance(20), !presented.contains(index) { presented.append(index) }
        }
        anchors = Set(anchors).sorted()
    }

    private static func endEntity(names: Int, issuer: Identity, _ random: inout RandomSource) -> Edge {
        let (notBefore, notAfter): (Instant, Instant) =
            random.chance(6) ? ("2025-12-01", "2026-05-30") : ("2026-06-01", "2026-11-28")
        var edge = Edge(
            issuer: issuer, subject: Identity(name: names, key: 1000), notBefore: notBefore,
            notAfter: notAfter)
        edge.isCA = false
        edge.dnsNames = Array(dnsNames.shuffled(using: &random).prefix(Int.random(in: 1...2, using: &random)))
        return edge
    }

    /// `defects`: how many of a hundred have each kind of defect.
    private static func authority(
        _ issuer: Identity, _ subject: Identity, defects: Int, _ random: inout RandomSource
    ) -> Edge {
        let (notBefore, notAfter) = validity(defects: defects, &random)
        var edge = Edge(issuer: issuer, subject: subject, notBefore: notBefore, notAfter: notAfter)
        if random.chance(defects / 2) {
            edge.isCA = false
            return edge
        }
        if random.chance(defects * 2) { edge.pathLen = Int.random(in: 0...2, using: &random) }
        if random.chance(defects) { edge.permitted = Array(subtrees.shuffled(using: &random).prefix(2)) }
        if random.chance(defects) {
            edge.excluded = Array(subtrees.dropFirst().shuffled(using: &random).prefix(1))
        }
        return edge
    }

    private static func validity(defects: Int, _ random: inout RandomSource) -> (Instant, Instant) {
        let day = Int64.random(in: 0..<700, using: &random) * 86_400
        if random.chance(defects) { return ("2018-01-01", ("2024-06-01" as Instant) + day) }
        if random.chance(defects / 2) { return (("2026-07-10" as Instant) + day, "2036-01-01") }
        return (("2022-01-01" as Instant) + day, ("2026-09-01" as Instant) + 3 * day)
    }

    private static func reference(_ names: [String], _ random: inout RandomSource) -> String {
        let chosen = names.randomElement(using: &random) ?? ""
        guard chosen.hasPrefix("*.") else { return chosen }
        return (random.chance(50) ? "www" : "api") + chosen.dropFirst()
    }
}
