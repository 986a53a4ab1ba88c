import Testing

@testable import Egress

@Suite struct AnswerCacheTests {
    private static let now = ContinuousClock.now

    private static func addresses() throws -> [IPAddress] { [try #require(IPAddress(text: "192.0.2.1"))] }

    @Test(arguments: [(0, 0), (60, 59), (86_400, 299)])
    func timeToLive(_ seconds: Int, _ lasts: Int) throws {
        var cache = AnswerCache()
        cache.keep(try Self.addresses(), of: "a.test", seconds: seconds, at: Self.now)
        #expect((cache.addresses(of: "a.test", at: Self.now) != nil) == (lasts > 0))
        #expect((cache.addresses(of: "a.test", at: Self.now + .seconds(lasts)) != nil) == (lasts > 0))
        #expect(cache.addresses(of: "a.test", at: Self.now + .seconds(lasts + 1)) == nil)
        #expect(cache.addresses(of: "b.test", at: Self.now) == nil)
    }

    @Test func bounded() throws {
        var cache = AnswerCache()
        for index in 0..<AnswerCache.maximumNames {
            cache.keep(try Self.addresses(), of: "\(index).test", seconds: index == 0 ? 60 : 1, at: Self.now)
        }
        #expect(cache.count == AnswerCache.maximumNames)
        // Those whose time is over make room first.
        cache.keep(try Self.addresses(), of: "new.test", seconds: 60, at: Self.now + .seconds(2))
        #expect(cache.count == 2)
        #expect(cache.addresses(of: "0.test", at: Self.now + .seconds(2)) != nil)
    }
}
