import Assessment

/// What one client may ask of the server. Each limit has a problem code of its own.
package struct APILimits: Sendable {
    /// Octets of a request body: 1,000 certificates of 4 kB with base64 and room (`body_too_large`).
    package var body = 8 << 20
    /// From the end of the header to the end of the body (`body_timeout`).
    package var bodyTime: Duration = .seconds(30)
    /// Octets of all header fields; browsers send below 8 kB (`header_too_large`).
    package var header = 16 << 10
    package var headerFields = 100
    /// From a request's first octet to the end of its header (`header_timeout`).
    package var headerTime: Duration = .seconds(10)
    /// Octets of the request target, as RFC 9110 §4.1 recommends to support at least (`target_too_long`).
    package var target = 8000
    /// A client that reads nothing of a waiting answer for so long is cut off.
    package var stalledReader: Duration = .seconds(30)
    /// Requests a connection, so that load balancers get to spread them again.
    package var requestsPerConnection = 1000
    /// Between two requests of a connection.
    package var idle: Duration = .seconds(75)
    /// How long a connection that is being closed still swallows what the client sends, so that the answer is
    /// not lost to a reset (RFC 9112 §9.6).
    package var linger: Duration = .seconds(2)
    /// Certificates of one request, counted after PEM and before DER is read (`too_many_certificates`).
    package var certificates = 1000
    /// Nesting of a JSON body (`json_malformed`).
    package var jsonDepth = 32

    /// Targets of one scan: as many names as the resolver keeps, and a body of 8 MB holds 2,000 chains or as
    /// many targets with a few options each (`too_many_rows`).
    package var rows = 10_000
    /// Of one whose form is written when the last row is there (metrics, JUnit): names and findings of
    /// hostile certificates make 20 kB of a row, 40 MB of so many (`too_many_rows`).
    package var wholeRows = 2_000
    /// Rows of one scan under way.
    package var concurrency = Scan.standardConcurrency
    /// Octets of answers of a scan that wait for their turn in the array; beyond them no further row begins.
    /// Of reports of 10 kB 6,000 wait for one hung peer.
    package var waitingAnswers = 64 << 20

    package init() {}
}
