import Egress
import Fixtures
import Reports
import Testing

@testable import Retrieval

/// Many callers at once, and callers who leave.
@Suite(.timeLimit(.minutes(2))) struct FlightTests {
    @Test func fiftyCallersAreOneRequest() async throws {
        let barrier = WebPeer.Barrier()
        // Not to be stored, so that the cache has no part in it.
        let server = try WebPeer { _, _ in
            [.wait(barrier)] + WebPeer.answer([7], fields: ["Cache-Control: no-store"])
        }
        defer { server.stop() }
        let stage = try RetrievalStage()
        let came = try await withThrowingTaskGroup(of: [UInt8].self) { group in
            for _ in 0..<50 { group.addTask { try await stage.octets(server.url) } }
            try await until { stage.retriever.waiting == 50 && server.requests.count == 1 }
            barrier.open()
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(came == Array(repeating: [7], count: 50))
        #expect(server.requests.count == 1)
        // And now there is no flight to join.
        #expect(try await stage.octets(server.url) == [7])
        #expect(server.requests.count == 2)
    }

    /// The request is part of what is asked.
    @Test func otherRequestsAreOtherFlights() async throws {
        let server = try WebPeer { request, _ in
            WebPeer.answer(Array(request.path.utf8), fields: ["Content-Type: application/ocsp-response"])
        }
        defer { server.stop() }
        let stage = try RetrievalStage()
        let one = try await stage.octets(server.url, .ocsp, request: [1])
        let two = try await stage.octets(server.url, .ocsp, request: [2])
        #expect(one != two && server.requests.count == 2)
    }

    @Test func cancelledWhileInFlight() async throws {
        let server = try WebPeer { _, _ in [.hold] }
        defer { server.stop() }
        let stage = try RetrievalStage()
        let task = Task { await stage.failure(server.url) }
        try await until { server.requests.count == 1 }
        task.cancel()
        #expect(await task.value == .budget)
        // Nobody else waits, so the connection is closed.
        try await until { server.leavers == 1 }
        #expect(stage.retriever.waiting == 0)
    }

    @Test func othersStayWhenOneIsCancelled() async throws {
        let barrier = WebPeer.Barrier()
        let server = try WebPeer { _, _ in [.wait(barrier)] + WebPeer.answer([7]) }
        defer { server.stop() }
        let stage = try RetrievalStage()
        let leaver = Task { await stage.failure(server.url) }
        let stayer = Task { try await stage.octets(server.url) }
        try await until { stage.retriever.waiting == 2 && server.requests.count == 1 }
        leaver.cancel()
        #expect(await leaver.value == .budget)
        barrier.open()
        #expect(try await stayer.value == [7])
        #expect(server.requests.count == 1)
    }

    @Test func cancelledBeforehand() async throws {
        let server = try WebPeer { _, _ in [.hold] }
        defer { server.stop() }
        let stage = try RetrievalStage()
        let gate = WebPeer.Barrier()
        let task = Task {
            while !Task.isCancelled { await Task.yield() }
            gate.open()
            return await stage.failure(server.url)
        }
        task.cancel()
        #expect(await task.value == .budget)
        #expect(server.connections == 0)
    }

    /// A CRL whose caller had no more time comes all the same, for the next one.
    @Test func largeOneIsFinishedForTheNext() async throws {
        let barrier = WebPeer.Barrier()
        let server = try WebPeer { _, _ in
            [.wait(barrier)] + WebPeer.answer([7], fields: ["Cache-Control: max-age=60"])
        }
        defer { server.stop() }
        let stage = try RetrievalStage()
        #expect(await stage.failure(server.url, .crl, timeout: .milliseconds(300)) == .timeout)
        let next = Task { try await stage.octets(server.url, .crl) }
        try await until { stage.retriever.waiting == 1 }
        barrier.open()
        #expect(try await next.value == [7])
        #expect(server.requests.count == 1 && server.leavers == 0)
    }

    @Test func closedWhileInFlight() async throws {
        let server = try WebPeer { _, _ in [.hold] }
        defer { server.stop() }
        let stage = try RetrievalStage()
        let tasks = (0..<20).map { number in
            Task { await stage.failure(server.url + "/\(number)", .issuer) }
        }
        try await until { server.requests.count == 20 }
        await stage.retriever.close()
        for task in tasks { #expect(await task.value == .budget) }
        try await until { server.leavers == 20 }
        // Too late, and once more.
        #expect(await stage.failure(server.url) == .budget)
        await stage.retriever.close()
        #expect(server.connections == 20)
    }

    /// Cancellations that come while the thread ends and after.
    @Test func lateCancellations() async throws {
        let server = try WebPeer { _, _ in [.hold] }
        defer { server.stop() }
        for _ in 0..<20 {
            let stage = try RetrievalStage()
            let tasks = (0..<10).map { number in
                Task { await stage.failure(server.url + "/\(number)", .issuer) }
            }
            async let closing: Void = stage.retriever.close()
            for task in tasks { task.cancel() }
            for task in tasks { #expect(await task.value == .budget) }
            await closing
        }
    }

    @Test func letGoWhileInFlight() async throws {
        let server = try WebPeer { _, _ in WebPeer.answer([7]) }
        defer { server.stop() }
        for _ in 0..<20 { #expect(try await RetrievalStage().octets(server.url) == [7]) }
    }

    /// The place at the address is taken until the answer is there.
    @Test func oneConnectionToAnAddress() async throws {
        let barrier = WebPeer.Barrier()
        let server = try WebPeer { _, _ in [.wait(barrier)] + WebPeer.answer([7]) }
        defer { server.stop() }
        let limits = DestinationLimits(connections: 1, perSecond: 10_000, sparesLoopback: false)
        let stage = try RetrievalStage(limits: limits)
        let first = Task { try await stage.octets(server.url + "/1") }
        try await until { server.requests.count == 1 }
        // It waits as long as a connection may take.
        #expect(await stage.failure(server.url + "/2") == .budget)
        #expect(try server.connectionsByNow() == 1)
        barrier.open()
        #expect(try await first.value == [7])
        #expect(try await stage.octets(server.url + "/2") == [7])
    }

    /// Large transfers never take all there are.
    @Test func largeTransfersAreBounded() async throws {
        let server = try WebPeer { request, _ in request.path == "/issuer" ? WebPeer.answer([7]) : [.hold] }
        defer { server.stop() }
        let stage = try RetrievalStage()
        let most = TransferLimits.largeTransfers
        let tasks = (0..<most + 4).map { number in Task { await stage.failure(server.url + "/\(number)") } }
        try await until { stage.retriever.waiting == most + 4 && server.requests.count == most }
        #expect(try await stage.octets(server.url + "/issuer", .issuer) == [7])
        #expect(server.connections == most + 1)
        for task in tasks { task.cancel() }
        for task in tasks { _ = await task.value }
    }
}
