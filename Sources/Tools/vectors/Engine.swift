import Certificates
import TrustStores
import Validation

/// The engine as the service runs it, with the shipped stores loaded and the anchors of each vector as the
/// store `request`: whether an anchor is a public one is known, and paths to all anchors are found.
package struct Engine: Sendable {
    package let validator: Validator
    package let cache: CertificateCache

    /// - Parameter trustData: the folder `trust-store` of the repository.
    package init(
        trustData: String, cache: CertificateCache = CertificateCache(),
        caPaths: CAPathCache? = CAPathCache()
    ) throws {
        let stores = try TrustStoreLoader(folder: trustData, systemBundle: nil).load()
        (validator, self.cache) = (Validator(stores: stores, cache: cache, caPaths: caPaths), cache)
    }
}
