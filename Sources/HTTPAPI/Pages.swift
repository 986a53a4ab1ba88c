import JSON
import Reports

/// The few resources that are the same for everybody.
enum Pages {
    static let alive = Answer(type: "text/plain; charset=utf-8", Array("ok\n".utf8), headers: noStore)
    /// The lines after the first say what deserves a look and keeps no request from its answer.
    static func ready(_ notes: [String]) -> Answer {
        let text = (["ready"] + notes).map { $0 + "\n" }.joined()
        return Answer(type: "text/plain; charset=utf-8", Array(text.utf8), headers: noStore)
    }

    static let version: Answer = {
        var out = JSONWriter(reserving: 128)
        out.beginObject()
        out.member("name", "catenary")
        out.member("version", ProgramVersion.text)
        out.endObject()
        out.newline()
        return Answer(type: "application/json", out.bytes)
    }()

    static let index = Answer(
        type: "text/html; charset=utf-8",
        Array(
            """
            <!doctype html>
            <html lang="en">
            <meta charset="utf-8">
            <title>Catenary</title>
            <h1>Catenary</h1>
            <p>Validates certificate chains: a host or a PEM in, a verdict with its reasons out.</p>
            <ul>
            <li><a href="/openapi.yaml">/openapi.yaml</a>: the API described
            <li><a href="/v1/checks?format=text">/v1/checks</a>: what can be found, what it means, what to do
            <li><a href="/v1/version">/v1/version</a>
            <li><a href="/healthz">/healthz</a>, <a href="/readyz">/readyz</a>
            <li><a href="/v1/trust-stores">/v1/trust-stores</a>
            <li>POST /v1/validate: judges the certificates in the body
            <li>GET /probe?target=HOST: the same for Prometheus
            <li>GET /v1/check/{host}[:port], POST /v1/check: connects and judges
            </ul>
            </html>

            """.utf8))

    private static let noStore: [(name: String, value: String)] = [("Cache-Control", "no-store")]
}
