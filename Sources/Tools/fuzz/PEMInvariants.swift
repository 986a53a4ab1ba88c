import Certificates

enum PEMInvariants {
    private static let limit = 50

    static func check(_ bytes: [UInt8]) throws(BrokenInvariant) {
        if let certificates = try? PEM.decode(bytes, limit: limit) {
            try require(certificates.count <= limit, "more certificates than the limit")
            let text = certificates.map { PEM.encode($0) }.joined()
            let again = try? PEM.decode(Array(text.utf8), limit: limit)
            try require(certificates.isEmpty || again == certificates, "encoding and decoding changed them")
        }
        if let crls = try? PEM.decodeCRLs(bytes, limit: limit) {
            try require(crls.count <= limit, "more CRLs than the limit")
            let text = crls.map { PEM.encode($0, label: "X509 CRL") }.joined()
            let again = try? PEM.decodeCRLs(Array(text.utf8), limit: limit)
            try require(crls.isEmpty || again == crls, "encoding and decoding changed the CRLs")
        }
        try base64(bytes)
    }

    private static func base64(_ bytes: [UInt8]) throws(BrokenInvariant) {
        let text = Array(Base64.encode(bytes).utf8)
        try require(Base64.decode(text[...]) == bytes, "base64 does not come back")
        guard let decoded = Base64.decode(bytes[...]) else { return }
        let again = Base64.decode(Array(Base64.encode(decoded).utf8)[...])
        try require(again == decoded, "base64 once decoded does not come back")
        try require(decoded.count <= bytes.count / 4 * 3 + 2, "base64 grows")
    }
}
