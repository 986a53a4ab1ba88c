import COpenSSL

/// A library context for handshakes: the default provider without the decoders that no certificate needs.
///
/// libssl decodes the key of every certificate that is sent, and for each OpenSSL 3.0 goes through all forty
/// decoders that there are: 100 µs a certificate, 40 to 60 with those of public keys alone.
enum LeanLibrary {
    /// Nil, the process's own context, when it cannot be made.
    nonisolated(unsafe) static let context: OpaquePointer? = catenary_lean_library()
}
