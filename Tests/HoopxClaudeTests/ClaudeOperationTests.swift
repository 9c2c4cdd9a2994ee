import HoopxClaude
import Testing

struct ClaudeOperationTests {
    @Test func operationsHaveStableNames() { #expect(ClaudeOperation.messagesCreate.rawValue == "messages.create") }
}
