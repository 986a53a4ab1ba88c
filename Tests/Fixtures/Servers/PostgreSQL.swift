import Foundation

extension ServerRecipe {
    /// It refuses to run as root, and a key that is not its own.
    package static func postgresql(tls: Bool = true) -> ServerRecipe {
        ServerRecipe(
            description: "PostgreSQL", listeners: [Listener(10_432, "postgres")], owner: "postgres",
            preparation: { place in
                let initialise = [
                    postgresqlProgram("initdb"), "--no-sync", "--auth=trust", "--no-locale",
                    "--pgdata=\(place.folder)/data",
                ]
                return [place.command(as: "postgres", initialise)]
            },
            command: { place in
                let settings = [
                    "listen_addresses=\(place.address)", "port=10432", "unix_socket_directories=",
                    "ssl=\(tls ? "on" : "off")", "ssl_cert_file=\(place.chain)", "ssl_key_file=\(place.key)",
                    "fsync=off", "shared_buffers=1MB", "max_connections=10",
                ]
                return place.command(
                    as: "postgres",
                    [postgresqlProgram("postgres"), "-D", place.folder + "/data"]
                        + settings.flatMap { ["-c", $0] })
            })
    }

    /// Debian keeps each major version in a folder of its own.
    private static func postgresqlProgram(_ name: String) -> String {
        let all = "/usr/lib/postgresql"
        let versions = (try? FileManager.default.contentsOfDirectory(atPath: all)) ?? []
        return "\(all)/\(versions.compactMap(Int.init).max() ?? 15)/bin/\(name)"
    }
}
