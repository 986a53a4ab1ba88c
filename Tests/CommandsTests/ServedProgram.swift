import Foundation

/// `catenary serve` in a process of its own, on a free port of 127.0.0.1, with its log line by line.
final class ServedProgram {
    private let process = Process()
    private var log: AsyncStream<String>.Iterator

    init(_ arguments: [String]) throws {
        process.executableURL = try BuiltProgram.url()
        process.arguments = ["serve", "--listen", "127.0.0.1:0", "--log-format", "json"] + arguments
        process.environment = ["PATH": "/usr/bin:/bin"]
        let errors = Pipe()
        (process.standardError, process.standardOutput) = (errors, FileHandle.nullDevice)
        let (lines, line) = AsyncStream.makeStream(of: String.self)
        log = lines.makeAsyncIterator()
        let handle = errors.fileHandleForReading
        Thread.detachNewThread {
            var rest = Data()
            while true {
                let more = handle.availableData
                if more.isEmpty { break }
                rest += more
                while let end = rest.firstIndex(of: 0x0A) {
                    line.yield(String(decoding: rest[..<end], as: UTF8.self))
                    rest = Data(rest[(end + 1)...])
                }
            }
            line.finish()
        }
        try process.run()
    }

    deinit { process.terminate() }

    /// The next line that contains `text`; nil when the program ended without one.
    func line(with text: String) async -> String? {
        while let next = await log.next() { if next.contains(text) { return next } }
        return nil
    }

    /// Where it listens, once it does.
    func port() async -> UInt16? {
        guard let line = await line(with: "\"listening\""), let place = line.range(of: "127.0.0.1:") else {
            return nil
        }
        return UInt16(line[place.upperBound...].prefix { $0.isNumber })
    }

    func signal(_ number: Int32) { kill(process.processIdentifier, number) }

    /// Waits; the exit status.
    func end() -> Int32 {
        process.waitUntilExit()
        return process.terminationStatus
    }

    func get(_ path: String, port: UInt16) throws -> String { try Self.get(path, port: port) }

    /// One whole answer over a connection of its own.
    static func get(_ path: String, port: UInt16, headers: String = "") throws -> String {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        let status = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard status == 0 else { throw POSIXError(.ECONNREFUSED) }
        let request = "GET \(path) HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\(headers)\r\n"
        try handle.write(contentsOf: Data(request.utf8))
        return String(decoding: try handle.readToEnd() ?? Data(), as: UTF8.self)
    }
}
