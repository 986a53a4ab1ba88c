import Testing

/// `catenary stores`: what is loaded. Of the shipped data only what does not age is asserted.
@Suite struct StoresTests {
    @Test func list() async throws {
        let text = try await BuiltProgram.run(["stores"])
        #expect(text.status == 0)
        #expect(text.output.contains("\nmozilla@2.60, 2023-02-15, 140 anchors, client firefox, "))
        let json = try await BuiltProgram.run(["stores", "list", "--json"])
        #expect(json.output.contains(#""name":"mozilla","version":"2.60","published":"2023-02-15"#))
    }

    @Test func show() async throws {
        let store = try await BuiltProgram.run(["stores", "show", "mozilla@2.60"])
        #expect(store.status == 0)
        #expect(store.output.contains(#""behaviour":{"title":"Firefox"#))
        let anchors = try await BuiltProgram.run(["stores", "show", "mozilla@2.60", "--anchors"])
        #expect(anchors.output.contains(#""type":"distrust_after","not_before_after":""#))
        let absent = try await BuiltProgram.run(["stores", "show", "nobody"])
        #expect(absent.status == 3)
        #expect(absent.output.isEmpty)
    }
}
