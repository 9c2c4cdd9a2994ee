import Foundation

/// What the loopback model reads of a `POST /v1/messages` body.
public struct MessagesRequest: Sendable {
    public let model: String
    public let isStreaming: Bool
    public let toolNames: [String]
    /// The text blocks of the last user message, joined.
    public let prompt: String
    /// The texts of the tool results in the last user message; empty where it holds none.
    public let toolResults: [String]

    /// - Returns: nil where the body is not JSON of that shape; the API answers it with 400.
    public init?(body: [UInt8]) {
        guard let object = try? JSONSerialization.jsonObject(with: Data(body)) as? [String: Any],
            let model = object["model"] as? String,
            let messages = object["messages"] as? [[String: Any]], !messages.isEmpty,
            object["max_tokens"] is Int
        else { return nil }
        self.model = model
        isStreaming = object["stream"] as? Bool ?? false
        toolNames = (object["tools"] as? [[String: Any]] ?? []).compactMap { $0["name"] as? String }
        let last = messages.last { $0["role"] as? String == "user" }
        let blocks = Self.blocks(last?["content"])
        prompt = Self.text(of: blocks)
        toolResults = blocks.filter { $0["type"] as? String == "tool_result" }.map {
            Self.text(of: Self.blocks($0["content"]))
        }
    }

    private static func blocks(_ content: Any?) -> [[String: Any]] {
        if let text = content as? String { return [["type": "text", "text": text]] }
        return content as? [[String: Any]] ?? []
    }

    private static func text(of blocks: [[String: Any]]) -> String {
        blocks.compactMap { $0["type"] as? String == "text" ? $0["text"] as? String : nil }.joined(separator: "\n")
    }
}
