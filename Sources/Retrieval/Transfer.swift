import CCurl
import Egress
import Foundation
import Reports

/// One easy handle with what its callbacks need. It belongs to the transfer thread.
final class Transfer {
    /// The fixed name that servers see; no version, so that nothing is learnt from it.
    static let userAgent = "Catenary"

    let job: TransferQueue.Job
    let easy: UnsafeMutableRawPointer
    private var lists: [UnsafeMutablePointer<curl_slist>] = []
    /// libcurl writes here.
    private let message = UnsafeMutablePointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))

    private var headers = AnswerHeaders()
    private var headerOctets = 0
    private var bodyBegan = false
    private var bytes: [UInt8] = []
    private var spill: Spill?
    private var octets = 0
    private var hasConnected = false
    /// Why a callback ended the transfer.
    private var stopped: Stop?

    private enum Stop {
        /// The status says that the body is of no use.
        case status
        case failure(FetchFailure)
    }

    private var request: TransferRequest { job.request }

    /// Nil when libcurl refuses a setting or has no memory: then nothing may be sent.
    init?(_ job: TransferQueue.Job) {
        guard let easy = curl_easy_init() else {
            message.deallocate()
            return nil
        }
        (self.job, self.easy) = (job, easy)
        message.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
        guard setUp() else { return nil }
    }

    /// Not while the handle is inside a multi handle.
    deinit {
        curl_easy_cleanup(easy)
        for list in lists { curl_slist_free_all(list) }
        message.deallocate()
    }

    // MARK: Settings

    private func set(_ option: CURLoption, _ value: Int) -> Bool {
        catenary_curl_set_long(easy, option, value) == CURLE_OK
    }

    private func set(_ option: CURLoption, _ value: String) -> Bool {
        catenary_curl_set_string(easy, option, value) == CURLE_OK
    }

    private func set(_ option: CURLoption, _ values: [String]) -> Bool {
        var list: UnsafeMutablePointer<curl_slist>?
        for value in values {
            guard let longer = curl_slist_append(list, value) else {
                curl_slist_free_all(list)
                return false
            }
            list = longer
        }
        guard let list else { return true }
        lists.append(list)
        return catenary_curl_set_list(easy, option, list) == CURLE_OK
    }

    private func setUp() -> Bool {
        let owner = Unmanaged.passUnretained(self).toOpaque()
        return catenary_curl_set_pointer(easy, CURLOPT_ERRORBUFFER, message) == CURLE_OK
            && catenary_curl_set_callbacks(
                easy, owner, bodyCame, headerCame, socketWanted, connectionReady) == CURLE_OK
            && set(CURLOPT_NOSIGNAL, 1)
            && setUpRequest() && setUpConnection() && setUpProxy() && setUpBounds()
    }

    private func setUpRequest() -> Bool {
        // A proxy's own authentication stays out of what the server sees, and the server's out of ours.
        var done =
            set(CURLOPT_PROTOCOLS_STR, "http,https") && set(CURLOPT_REDIR_PROTOCOLS_STR, "http,https")
            && set(CURLOPT_URL, request.url.text) && set(CURLOPT_FOLLOWLOCATION, 0)
            && set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1)) && set(CURLOPT_HTTP09_ALLOWED, 0)
            && set(CURLOPT_NETRC, Int(CURL_NETRC_IGNORED.rawValue))
            && set(CURLOPT_USERAGENT, Self.userAgent)
            // No Expect: 100-continue: it costs a round trip.
            && set(CURLOPT_HTTPHEADER, request.headers + ["Expect:"])
        if let post = request.post {
            done =
                done && set(CURLOPT_POST, 1)
                && catenary_curl_set_off(easy, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(post.count))
                    == CURLE_OK
                && post.withUnsafeBytes {
                    let body = $0.baseAddress?.assumingMemoryBound(to: CChar.self)
                    return catenary_curl_set_string(easy, CURLOPT_COPYPOSTFIELDS, body) == CURLE_OK
                }
        }
        return done
    }

    /// The vetted literal is dialled, whatever the name resolves to now. A connection serves one request: the
    /// places that the gate hands out are then the connections that exist, and none is met again unvetted.
    private func setUpConnection() -> Bool {
        let address = request.address
        let literal = address.family == .v6 ? "[\(address)]" : "\(address)"
        return set(CURLOPT_CONNECT_TO, ["::\(literal):\(request.url.port)"])
            && set(CURLOPT_FRESH_CONNECT, 1) && set(CURLOPT_FORBID_REUSE, 1)
            && set(CURLOPT_SSL_VERIFYPEER, 1) && set(CURLOPT_SSL_VERIFYHOST, 2)
    }

    /// From the configuration alone: an empty name keeps libcurl from looking into the environment.
    private func setUpProxy() -> Bool {
        guard let proxy = request.proxy else { return set(CURLOPT_PROXY, "") && set(CURLOPT_NOPROXY, "") }
        let literal = proxy.address.family == .v6 ? "[\(proxy.address)]" : "\(proxy.address)"
        let field = proxy.authorization.map { ["Proxy-Authorization: " + $0] } ?? []
        return set(CURLOPT_PROXY, "http://\(literal):\(proxy.port)") && set(CURLOPT_NOPROXY, "")
            && set(CURLOPT_HTTPPROXYTUNNEL, 1) && set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
            && set(CURLOPT_HEADEROPT, Int(CURLHEADER_SEPARATE)) && set(CURLOPT_PROXYHEADER, field)
    }

    private func setUpBounds() -> Bool {
        let now = ContinuousClock.now
        var done =
            set(CURLOPT_TIMEOUT_MS, max(1, (request.deadline - now).milliseconds))
            && set(CURLOPT_CONNECTTIMEOUT_MS, max(1, (request.connectBy - now).milliseconds))
            && catenary_curl_set_off(
                easy, CURLOPT_MAXFILESIZE_LARGE, curl_off_t(request.limits.octets)) == CURLE_OK
        if request.limits.isLarge {
            done =
                done && set(CURLOPT_LOW_SPEED_LIMIT, TransferLimits.leastOctetsPerSecond)
                && set(CURLOPT_LOW_SPEED_TIME, TransferLimits.slowSeconds)
        }
        return done
    }

    // MARK: Callbacks

    /// How many octets were taken; anything else than all ends the transfer.
    fileprivate func took(header line: UnsafeRawBufferPointer) -> Int {
        headerOctets += line.count
        guard headerOctets <= AnswerHeaders.maximumOctets else {
            stopped = .failure(
                FetchFailure(.tooLarge, "more than \(AnswerHeaders.maximumOctets) octets of header"))
            return -1
        }
        // Trailers come after the body and say nothing.
        if !bodyBegan { headers.take(String(decoding: line, as: UTF8.self)) }
        return line.count
    }

    fileprivate func took(body piece: UnsafeRawBufferPointer) -> Int {
        bodyBegan = true
        guard headers.status == 200 else {
            stopped = .status
            return -1
        }
        octets += piece.count
        guard octets <= request.limits.octets else {
            stopped = .failure(Self.tooLarge(request.limits))
            return -1
        }
        if spill == nil, octets > TransferLimits.held {
            spill = Spill(folder: request.folder)
            guard let spill, bytes.withUnsafeBytes({ spill.append($0) }) else { return lostDisk() }
            bytes = []
        }
        guard let spill else {
            bytes.append(contentsOf: piece)
            return piece.count
        }
        return spill.append(piece) ? piece.count : lostDisk()
    }

    private func lostDisk() -> Int {
        stopped = .failure(
            FetchFailure(.transfer, "no file can be written: \(String(cString: strerror(errno)))"))
        return -1
    }

    private static func tooLarge(_ limits: TransferLimits) -> FetchFailure {
        FetchFailure(.tooLarge, "more than \(limits.octets) octets")
    }

    /// The policy once more, for the address that a socket is really asked for.
    fileprivate func allowsSocket(to address: IPAddress, port: UInt16) -> Bool {
        let isAllowed: Bool
        if let proxy = request.proxy {
            // The operator named the proxy, so the policy does not speak of it.
            isAllowed = address == proxy.address && port == proxy.port
        } else {
            isAllowed =
                address == request.address && port == request.url.port && request.allows(address, port)
        }
        if !isAllowed { stopped = .failure(Self.refused) }
        return isAllowed
    }

    static let refused = FetchFailure(.refused, "the address is not allowed")

    /// And for the address of the connection that the request will go over, wherever it came from.
    fileprivate func allowsConnection(to address: IPAddress?, port: UInt16) -> Bool {
        hasConnected = true
        guard let address else { return false }
        return allowsSocket(to: address, port: port)
    }

    // MARK: The end

    /// What came of it, once libcurl is done with it.
    func result(_ code: CURLcode) -> TransferResult {
        switch stopped {
        case .failure(let failure)?: return failed(failure)
        case .status?: return .success(TransferAnswer(headers: headers, body: .bytes([])))
        case nil: break
        }
        guard code == CURLE_OK else { return failed(failure(code)) }
        let hasBody = headers.status == 200
        let body: TransferAnswer.Body = spill.map { .spilled($0) } ?? .bytes(hasBody ? bytes : [])
        return .success(TransferAnswer(headers: headers, body: body))
    }

    private func failed(_ failure: FetchFailure) -> TransferResult {
        .failure(TransferFailure(failure: failure, hasConnected: hasConnected))
    }

    private func failure(_ code: CURLcode) -> FetchFailure {
        let said = String(cString: message)
        let text = said.isEmpty ? String(cString: curl_easy_strerror(code)) : said
        switch code {
        case CURLE_OPERATION_TIMEDOUT: return FetchFailure(.timeout, text)
        case CURLE_COULDNT_CONNECT, CURLE_PROXY, CURLE_COULDNT_RESOLVE_PROXY:
            return FetchFailure(.connect, text)
        case CURLE_COULDNT_RESOLVE_HOST: return FetchFailure(.resolve, text)
        // The proxy opened no tunnel.
        case CURLE_RECV_ERROR where request.proxy != nil && !hasConnected: return FetchFailure(.connect, text)
        case CURLE_FILESIZE_EXCEEDED: return Self.tooLarge(request.limits)
        case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CERTPROBLEM,
            CURLE_SSL_CIPHER, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_CLIENTCERT,
            CURLE_USE_SSL_FAILED:
            return FetchFailure(.tls, text)
        default: return FetchFailure(.transfer, text)
        }
    }
}

extension Duration {
    var milliseconds: Int {
        Int(clamping: components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000)
    }
}

// C functions: a closure made in isolated code and called from this thread would trap.

private func transfer(_ owner: UnsafeMutableRawPointer?) -> Transfer? {
    owner.map { Unmanaged<Transfer>.fromOpaque($0).takeUnretainedValue() }
}

private func bodyCame(
    _ start: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ owner: UnsafeMutableRawPointer?
) -> Int {
    transfer(owner)?.took(body: UnsafeRawBufferPointer(start: start, count: size * count)) ?? -1
}

private func headerCame(
    _ start: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ owner: UnsafeMutableRawPointer?
) -> Int {
    transfer(owner)?.took(header: UnsafeRawBufferPointer(start: start, count: size * count)) ?? -1
}

private func socketWanted(
    _ owner: UnsafeMutableRawPointer?, _ purpose: curlsocktype, _ wanted: UnsafeMutablePointer<curl_sockaddr>?
) -> curl_socket_t {
    // CURL_SOCKET_BAD is a macro of -1.
    guard let wanted, let transfer = transfer(owner),
        let offset = MemoryLayout<curl_sockaddr>.offset(of: \.addr)
    else { return -1 }
    let raw = UnsafeRawPointer(wanted) + offset
    let (octets, port): ([UInt8], UInt16)
    switch wanted.pointee.family {
    case AF_INET:
        let address = raw.loadUnaligned(as: sockaddr_in.self)
        (octets, port) = (
            withUnsafeBytes(of: address.sin_addr) { Array($0) }, UInt16(bigEndian: address.sin_port)
        )
    case AF_INET6:
        let address = raw.loadUnaligned(as: sockaddr_in6.self)
        (octets, port) = (
            withUnsafeBytes(of: address.sin6_addr) { Array($0) }, UInt16(bigEndian: address.sin6_port)
        )
    default: return -1
    }
    guard let address = IPAddress(octets: octets), transfer.allowsSocket(to: address, port: port) else {
        return -1
    }
    return socket(
        wanted.pointee.family, wanted.pointee.socktype | Int32(SOCK_CLOEXEC.rawValue), wanted.pointee.protocol
    )
}

private func connectionReady(
    _ owner: UnsafeMutableRawPointer?, _ peer: UnsafeMutablePointer<CChar>?,
    _ own: UnsafeMutablePointer<CChar>?,
    _ port: Int32, _ ownPort: Int32
) -> Int32 {
    guard let peer, let transfer = transfer(owner) else { return CURL_PREREQFUNC_ABORT }
    let address = IPAddress(text: String(cString: peer))
    return transfer.allowsConnection(to: address, port: UInt16(clamping: port))
        ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT
}
