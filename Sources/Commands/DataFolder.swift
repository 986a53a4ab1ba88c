import Foundation

/// Where the shipped trust data is. `openapi.yaml` lies beside that folder, in a clone as in a package.
enum DataFolder {
    /// In this order: the share folder beside the program's, as packages install it; the clone that the
    /// program was built in; the system's share folder; the working directory. The last comes last because
    /// whoever writes there would choose the anchors.
    static func candidates(executable: String?, workingDirectory: String) -> [String] {
        var out: [String] = []
        if let executable {
            let parts = executable.split(separator: "/").dropLast()
            let folder = "/" + parts.joined(separator: "/")
            out.append(folder + "/../share/catenary/trust-store")
            if let build = parts.lastIndex(where: { $0.hasPrefix(".build") }) {
                out.append("/" + (parts[..<build] + ["trust-store"]).joined(separator: "/"))
            }
        }
        out.append("/usr/share/catenary/trust-store")
        out.append(workingDirectory + "/trust-store")
        return out
    }

    /// The first candidate that holds `roots.pem`.
    static func find() throws(SettingsError) -> String {
        let places = candidates(
            executable: Bundle.main.executablePath, workingDirectory: FileManager.default.currentDirectoryPath
        )
        guard let found = places.first(where: { FileManager.default.fileExists(atPath: $0 + "/roots.pem") })
        else {
            throw SettingsError(
                source: "--trust-store-dir",
                detail: "no trust data found; looked in \(places.joined(separator: ", "))")
        }
        return found
    }

    static func openapi(besides folder: String) -> [UInt8]? {
        FileManager.default.contents(atPath: folder + "/../openapi.yaml").map { [UInt8]($0) }
    }
}
