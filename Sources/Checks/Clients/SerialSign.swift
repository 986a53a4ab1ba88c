import Certificates
import Reports

extension ClientRule {
    /// RFC 5280 §4.1.2.2 by its parts: Go refuses to parse a negative serial number at any place, and accepts
    /// zero and 21 octets (ran).
    static let serial = ClientRule(
        .clientSerial, "Serial numbers are of a form that the client reads", .rfc(5280, "4.1.2.2"),
        .serialNegative, .serialZero, .serialTooLong
    ) { context in
        .of(
            context.path.certificates.indices.flatMap { depth -> [Failure] in
                let certificate = context.path.certificates[depth]
                let serial = certificate.serial
                var reasons: [Reason] = []
                if serial.first.map({ $0 >= 0x80 }) == true { reasons.append(.serialNegative) }
                if serial.allSatisfy({ $0 == 0 }) { reasons.append(.serialZero) }
                if serial.count > 20 { reasons.append(.serialTooLong) }
                return reasons.map {
                    Failure(
                        $0, at: depth, expected: "1 to 20 octets, positive", presented: certificate.serialHex)
                }
            })
    }
}
