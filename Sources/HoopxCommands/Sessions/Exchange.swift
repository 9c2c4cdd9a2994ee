import HoopxAudit
import HoopxClaude
import HoopxCore

/// One question to the model and its answer, as they were recorded.
struct Exchange {
    let request: RequestRecord
    /// What the request added to the conversation that it resent; empty where its body is not recorded.
    let asked: [ClaudeTurn]
    /// nil where no answer is recorded.
    let answer: ClaudeTurn?
    /// The uses of tools that the events tell of: these are there also where bodies are not.
    let toolUses: [ToolUseRecord]

    /// Whether a request is one for a message.
    static func isOne(_ request: RequestRecord) -> Bool {
        request.operation == ClaudeOperation.messagesCreate.name
    }

    /// - Parameter body: a recorded body of the request.
    init(
        _ request: RequestRecord, of details: SessionDetails,
        body: (BodyDirection) throws(HoopxError) -> StoredBody?
    ) throws(HoopxError) {
        self.request = request
        asked = try body(.request).map { Array(ClaudeConversation(request: $0.bytes).latestTurns) } ?? []
        answer = try body(.response).flatMap { ClaudeTurn(response: $0.bytes) }
        toolUses = details.toolUses.filter { $0.request == request.number }
    }
}
