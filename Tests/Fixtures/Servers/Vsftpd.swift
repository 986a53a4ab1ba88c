extension ServerRecipe {
    package enum FTPSecurity: Sendable { case none, explicit, implicit }

    package static func vsftpd(_ security: FTPSecurity) -> ServerRecipe {
        ServerRecipe(
            description: "vsftpd, \(security)",
            listeners: [Listener(10_021, security == .implicit ? nil : "ftp")], needsRoot: true,
            folders: ["empty"],
            files: { place in
                func flag(_ value: Bool) -> String { value ? "YES" : "NO" }
                let configuration = """
                    listen=YES
                    listen_address=\(place.address)
                    listen_port=10021
                    background=NO
                    anonymous_enable=YES
                    secure_chroot_dir=\(place.folder)/empty
                    seccomp_sandbox=NO
                    ssl_enable=\(flag(security != .none))
                    implicit_ssl=\(flag(security == .implicit))
                    allow_anon_ssl=YES
                    rsa_cert_file=\(place.chain)
                    rsa_private_key_file=\(place.key)

                    """
                return ["vsftpd.conf": configuration]
            },
            command: { ["/usr/sbin/vsftpd", $0.folder + "/vsftpd.conf"] })
    }
}
