extension ServerRecipe {
    package enum NewsSecurity: Sendable { case none, startTLS, atOnce }

    /// The reader's daemon alone, with one empty group. It runs as `news`.
    package static func inn(_ security: NewsSecurity) -> ServerRecipe {
        ServerRecipe(
            description: "inn2, \(security)",
            listeners: [Listener(10_119, security == .atOnce ? nil : "nntp")], needsRoot: true,
            folders: ["articles", "overview", "run", "log", "tmp"],
            files: { place in
                let tls = "tlscertfile: \(place.chain)\ntlskeyfile: \(place.key)"
                // A busy machine is no reason to turn readers away.
                let configuration = """
                    domain: news.test
                    pathhost: news.test
                    mta: "/bin/false %s"
                    pathnews: /usr/lib/news
                    pathdb: \(place.folder)
                    pathetc: \(place.folder)
                    pathrun: \(place.folder)/run
                    pathoverview: \(place.folder)/overview
                    patharticles: \(place.folder)/articles
                    pathtmp: \(place.folder)/tmp
                    pathlog: \(place.folder)/log
                    hismethod: hisv6
                    enableoverview: true
                    ovmethod: tradindexed
                    nnrpdloadlimit: 0
                    readerswhenstopped: true
                    \(security == .none ? "" : tls)

                    """
                let readers = """
                    auth "all" {
                      hosts: "*"
                      default: "<anonymous>"
                    }
                    access "all" {
                      users: "*"
                      newsgroups: "*"
                      access: R
                    }

                    """
                return [
                    "inn.conf": configuration, "readers.conf": readers,
                    "storage.conf": "method tradspool {\n newsgroups: *\n class: 0\n}\n",
                    "active": "control 0000000000 0000000001 n\n", "active.times": "", "newsgroups": "",
                    "history": "",
                ]
            },
            owner: "news",
            preparation: { [$0.command(as: "news", ["/usr/lib/news/bin/overchan"])] },
            command: { place in
                let options = security == .atOnce ? ["-S"] : []
                return ["/usr/lib/news/bin/nnrpd", "-D", "-f", "-b", place.address, "-p", "10119"] + options
                    + ["-c", place.folder + "/readers.conf"]
            },
            environment: { ["INNCONF": $0.folder + "/inn.conf"] })
    }
}
