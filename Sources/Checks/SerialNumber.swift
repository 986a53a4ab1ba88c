import Reports

extension Check {
    /// RFC 5280 §4.1.2.2: a positive integer of at most 20 octets. Not asked of anchors: 6 of 117 Mozilla
    /// roots have a serial of zero or less.
    static let serialNumber = Check(
        id: .profileSerial, title: "Serial numbers are positive and at most 20 octets", kind: .profile,
        reference: .rfc(5280, "4.1.2.2"), severity: .warning, profiles: [.webpki]
    ) { context in
        .of(
            context.path.belowAnchor.compactMap { depth in
                let certificate = context.path.certificates[depth]
                let serial = certificate.serial
                let positive = serial.first.map { $0 < 0x80 } == true && serial.contains { $0 != 0 }
                guard !positive || serial.count > 20 else { return nil }
                return Failure(
                    .serialInvalid, at: depth, expected: "1 to 20 octets, positive",
                    presented: certificate.serialHex)
            })
    }
}
