import Certificates

/// What is wrong with one option of a request.
package struct OptionError: Error, Sendable, Hashable {
    /// Stable; the problem codes of bad input.
    package enum Code: String, Sendable, CaseIterable {
        case unknownOption = "unknown_option"
        case valueMalformed = "value_malformed"
        case instantMalformed = "instant_malformed"
        case durationMalformed = "duration_malformed"
        case thresholdMalformed = "threshold_malformed"
        case targetMalformed = "target_malformed"
        case nameMalformed = "name_malformed"
        /// Two options that cannot both count, or one given twice.
        case optionConflict = "option_conflict"
        case optionMissing = "option_missing"
        case unknownStore = "unknown_store"
        case unknownClientCertificate = "unknown_client_certificate"
        case unknownProxy = "unknown_proxy"
        case unknownClient = "unknown_client"
        // What posted certificates may be instead of certificates.
        case noCertificate = "no_certificate"
        case pemTruncated = "pem_truncated"
        case base64Malformed = "base64_malformed"
        case pkcs7Malformed = "pkcs7_malformed"
        case privateKeyRefused = "private_key_refused"
        case tooManyCertificates = "too_many_certificates"
        case certificateMalformed = "certificate_malformed"
        case certificateTooLarge = "certificate_too_large"
    }

    package var code: Code
    /// A JSON pointer into the body, the name of a query parameter, or a flag, as the input came.
    package var pointer: String
    /// Prose for people; never a key or a whole certificate.
    package var detail: String

    package init(_ code: Code, at pointer: String, _ detail: String) {
        (self.code, self.pointer, self.detail) = (code, pointer, detail)
    }
}

/// All that is wrong with the options of a request; never empty.
package struct OptionErrors: Error, Sendable, Equatable {
    /// A client mends what it is told of; beyond this many it is not reading.
    package static let limit = 100

    package var errors: [OptionError]

    package init(_ errors: [OptionError]) { self.errors = errors }
}

/// Why a text is not a value; the option's name is added by who knows it.
package struct Malformed: Error, Sendable, Equatable {
    package var code: OptionError.Code
    package var detail: String

    package init(_ code: OptionError.Code, _ detail: String) { (self.code, self.detail) = (code, detail) }
}

extension Malformed {
    init(_ error: PEMError) {
        switch error {
        case .noBlock: self.init(.noCertificate, "there is no PEM block (-----BEGIN CERTIFICATE-----)")
        case .labelsDiffer(let block):
            self.init(.pemTruncated, "PEM block \(block): its END line has another label than its BEGIN line")
        case .unterminated(let block): self.init(.pemTruncated, "PEM block \(block) has no END line")
        case .base64(let block): self.init(.base64Malformed, "the body of PEM block \(block) is not base64")
        case .privateKey(let block):
            self.init(.privateKeyRefused, "PEM block \(block) is a private key; send certificates only")
        case .tooMany(let limit): self.init(.tooManyCertificates, "more than \(limit) certificates")
        case .pkcs7(let block):
            self.init(.pkcs7Malformed, "PEM block \(block) is not a PKCS#7 of certificates")
        }
    }

    package init(_ error: CertificateError) {
        switch error {
        case .malformed(let offset):
            self.init(.certificateMalformed, "not the DER of a certificate, from offset \(offset) on")
        case .trailingBytes(let offset):
            self.init(.certificateMalformed, "bytes after the certificate's end at offset \(offset)")
        case .refused: self.init(.certificateMalformed, "libcrypto cannot decode the certificate")
        case .tooLarge(let size):
            self.init(
                .certificateTooLarge, "a certificate of \(size) bytes; the limit is \(Certificate.sizeLimit)")
        }
    }

    /// Input as it may be shown: quoted, cut at 64 characters, controls and bidirectional marks escaped.
    static func shown(_ text: String) -> String {
        var out = "\""
        for scalar in text.unicodeScalars.prefix(64) {
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .unassigned, .privateUse:
                out += "\\u{\(String(scalar.value, radix: 16))}"
            default: out.unicodeScalars.append(scalar)
            }
        }
        return out + (text.unicodeScalars.count > 64 ? "…\"" : "\"")
    }
}
