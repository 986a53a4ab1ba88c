import Probing
import Retrieval

/// What an assessor cannot be without.
package struct AssessorUnavailable: Error {
    /// The library or the setting that is at fault.
    package let source: String
    package let detail: String

    static func prober(_ make: () throws(ProberUnavailable) -> Prober) throws(Self) -> Prober {
        do throws(ProberUnavailable) {
            return try make()
        } catch {
            throw AssessorUnavailable(source: "libssl", detail: error.description)
        }
    }

    /// Nil when none is named.
    static func folder(_ path: String?) throws(Self) -> CacheFolder? {
        guard let path else { return nil }
        do throws(CacheFolderUnusable) {
            return try CacheFolder(path)
        } catch {
            throw AssessorUnavailable(source: "fetch_cache", detail: error.description)
        }
    }
}
