/// What a path names.
enum Route: Equatable {
    case index, health, ready, version, openapi, validate, scan, replay, probe
    /// With the target as the path gives it, still percent-encoded.
    case check(target: String?)
    /// The catalogue; with an id, still percent-encoded, one check of it.
    case checks(id: String?)
    case stores
    /// With the name as the path gives it, still percent-encoded.
    case store(String)
    case anchors(String)

    init?(path: Substring) {
        switch path {
        case "/": self = .index
        case "/healthz": self = .health
        case "/readyz": self = .ready
        case "/openapi.yaml": self = .openapi
        case "/probe": self = .probe
        case "/v1/version": self = .version
        case "/v1/validate": self = .validate
        case "/v1/scan": self = .scan
        case "/v1/replay": self = .replay
        case "/v1/check", "/v1/check/": self = .check(target: nil)
        case "/v1/checks": self = .checks(id: nil)
        case _ where path.hasPrefix("/v1/checks/"):
            let id = path.dropFirst("/v1/checks/".count)
            guard !id.isEmpty, !id.contains("/") else { return nil }
            self = .checks(id: String(id))
        case "/v1/trust-stores": self = .stores
        default:
            let stores = "/v1/trust-stores/"
            if path.hasPrefix(stores) {
                let parts = path.dropFirst(stores.count).split(
                    separator: "/", omittingEmptySubsequences: false
                ).map(String.init)
                switch (parts.count, parts.first, parts.last) {
                case (1, .some(let name), _) where !name.isEmpty: self = .store(name)
                case (2, .some(let name), "anchors") where !name.isEmpty: self = .anchors(name)
                default: return nil
                }
                return
            }
            guard path.hasPrefix("/v1/check/") else { return nil }
            let target = path.dropFirst("/v1/check/".count)
            guard !target.contains("/") else { return nil }
            self = .check(target: String(target))
        }
    }

    /// The methods that apply, as the Allow field lists them; where GET does, HEAD does.
    var methods: [String] {
        switch self {
        case .index, .health, .ready, .version, .openapi, .probe, .stores, .store, .anchors: ["GET", "HEAD"]
        case .validate, .scan, .replay: ["POST"]
        case .check(target: nil): ["GET", "HEAD", "POST"]
        case .check, .checks: ["GET", "HEAD"]
        }
    }
}
