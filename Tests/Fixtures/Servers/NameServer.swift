import Foundation
import Synchronization

/// A name server on a loopback address (RFC 1035), answering over UDP what a test tells it.
package final class NameServer: Sendable {
    package enum Answer: Sendable {
        /// Octets of A and AAAA records; an empty list of a type is NODATA.
        case addresses(a: [[UInt8]] = [], aaaa: [[UInt8]] = [])
        /// Addresses of which each question for A gets the next, without time to live, and those after the
        /// last the last.
        case inTurn([[UInt8]])
        case nameNotFound
        case serverFailure
        case silence
    }

    private struct State {
        var stopped = false
        var questions: [String: Int] = [:]
        var addressQuestions: [String: Int] = [:]
    }

    /// `127.0.0.1:PORT`.
    package let address: String
    private let state = Mutex(State())

    /// Names in lower case without the last dot; whatever is not in the table does not exist.
    package init(_ table: [String: Answer]) throws {
        let socket = Foundation.socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
        var own = sockaddr_in()
        own.sin_family = sa_family_t(AF_INET)
        own.sin_addr.s_addr = inet_addr("127.0.0.1")
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let bound = withUnsafeMutablePointer(to: &own) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(socket, $0, size) == 0 && getsockname(socket, $0, &size) == 0
            }
        }
        guard bound else { throw POSIXError(.EADDRNOTAVAIL) }
        address = "127.0.0.1:\(UInt16(bigEndian: own.sin_port))"
        // So that a stop is noticed without another thread closing the socket.
        var wait = timeval(tv_sec: 0, tv_usec: 20_000)
        setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &wait, socklen_t(MemoryLayout<timeval>.size))
        let thread = Thread { [socket, weak self] in
            while let self, !self.state.withLock({ $0.stopped }) { self.serve(socket, table) }
            close(socket)
        }
        thread.start()
    }

    package func stop() { state.withLock { $0.stopped = true } }

    /// How many questions of either type came for a name.
    package func questions(for name: String) -> Int { state.withLock { $0.questions[name] ?? 0 } }

    private func serve(_ socket: Int32, _ table: [String: Answer]) {
        var packet = [UInt8](repeating: 0, count: 1500)
        var peer = sockaddr_storage()
        var size = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let count = withUnsafeMutablePointer(to: &peer) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                recvfrom(socket, &packet, packet.count, 0, $0, &size)
            }
        }
        guard count > 12, let answer = reply(Array(packet.prefix(count)), table) else { return }
        _ = withUnsafePointer(to: &peer) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                sendto(socket, answer, answer.count, 0, $0, size)
            }
        }
    }

    private func reply(_ query: [UInt8], _ table: [String: Answer]) -> [UInt8]? {
        var labels: [String] = []
        var at = 12
        while at < query.count, query[at] != 0 {
            let end = at + 1 + Int(query[at])
            guard end < query.count else { return nil }
            labels.append(String(decoding: query[at + 1..<end], as: UTF8.self).lowercased())
            at = end
        }
        guard at + 5 <= query.count else { return nil }
        let name = labels.joined(separator: ".")
        let type = query[at + 2]
        let asked = state.withLock { state in
            state.questions[name, default: 0] += 1
            if type == 1 { state.addressQuestions[name, default: 0] += 1 }
            return state.addressQuestions[name] ?? 0
        }
        var code: UInt8 = 0
        var records: [[UInt8]] = []
        var seconds: UInt8 = 60
        switch table[name] ?? .nameNotFound {
        case .silence: return nil
        case .nameNotFound: code = 3
        case .serverFailure: code = 2
        case .inTurn(let answers):
            seconds = 0
            if type == 1, !answers.isEmpty { records = [answers[min(asked, answers.count) - 1]] }
        case .addresses(let a, let aaaa): records = type == 1 ? a : type == 28 ? aaaa : []
        }
        // Response, recursion desired and available; one question, no authority, nothing additional.
        var answer = query[0..<2] + [0x81, 0x80 | code, 0, 1, 0, UInt8(records.count), 0, 0, 0, 0]
        answer += query[12..<at + 5]
        for octets in records {
            answer += [0xc0, 12, 0, type, 0, 1, 0, 0, 0, seconds, 0, UInt8(octets.count)] + octets
        }
        return Array(answer)
    }
}
