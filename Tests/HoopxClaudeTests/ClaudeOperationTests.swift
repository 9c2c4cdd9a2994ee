import Testing

@testable import HoopxClaude

struct ClaudeOperationTests {
    @Test func aMessageIsKnownByItsPath() {
        #expect(ClaudeOperation(method: "POST", path: "/v1/messages?beta=true") == .messagesCreate)
    }
}
