extension ServerRecipe {
    /// An empty folder for its data is enough where no grant is looked up.
    package static func mariadb(tls: Bool = true) -> ServerRecipe {
        ServerRecipe(
            description: "MariaDB", listeners: [Listener(10_306, "mysql")], folders: ["data"],
            command: { place in
                let security = tls ? ["--ssl-cert=\(place.chain)", "--ssl-key=\(place.key)"] : ["--skip-ssl"]
                return [
                    "/usr/sbin/mariadbd", "--no-defaults", "--user=root", "--datadir=\(place.folder)/data",
                    "--socket=\(place.folder)/socket", "--pid-file=\(place.folder)/pid",
                    "--bind-address=\(place.address)", "--port=10306", "--skip-networking=0",
                    "--skip-grant-tables", "--skip-log-bin", "--innodb=OFF", "--default-storage-engine=Aria",
                    "--default-tmp-storage-engine=Aria", "--aria-log-dir-path=\(place.folder)/data",
                ] + security
            })
    }
}
