import Certificates
import Reports

extension Judgement {
    /// Each certificate of the report once, with its role.
    func described(_ leaf: Certificate, _ presentation: Presentation) -> [Described] {
        var out = [Described(leaf, role: .endEntity)]
        var seen: Set = [leaf.sha256]
        func add(_ certificate: Certificate, _ role: Described.Role) {
            if seen.insert(certificate.sha256).inserted { out.append(Described(certificate, role: role)) }
        }
        for judged in paths + (nearMiss.map { [$0] } ?? []) {
            for (depth, certificate) in judged.certificates.enumerated() where depth > 0 {
                let isAnchor = judged.path.end == .anchor && depth == judged.certificates.count - 1
                add(certificate, isAnchor ? .anchor : .intermediate)
            }
        }
        for path in search.deadEnds {
            for certificate in path.certificates { add(certificate, .intermediate) }
        }
        for certificate in presentation.certificates {
            let isTwin = paths.contains { $0.path.anchor?.isSameEntity(as: certificate) == true }
            add(certificate, isTwin ? .intermediate : .unrelated)
        }
        return out
    }
}
