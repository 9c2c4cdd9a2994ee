import Foundation

/// What the loopback model reads of a `POST /v1/messages` body.
public struct MessagesRequest: Sendable {
    /// The body as it came.
    public let body: [UInt8]
    public let model: String
    public let isStreaming: Bool
    public let toolNames: [String]
    /// The text blocks of the last user message, joined.
    public let prompt: String
    /// The texts of the tool results in the last user message; empty where it holds none.
    public let toolResults: [String]

    /// The body as it came, for a model that looks for something in it.
    public var text: String { String(decoding: body, as: UTF8.self) }

    /// - Parameters:
    ///   - model: what the path names, where it is not the body that does.
    ///   - isStreaming: what the path says, where it is not the body that does.
    /// - Returns: nil where the body is not JSON of that shape; the API answers it with 400.
    public init?(body: [UInt8], model pathModel: String? = nil, isStreaming isStreamingByPath: Bool? = nil) {
        guard let object = try? JSONSerialization.jsonObject(with: Data(body)) as? [String: Any],
            let model = pathModel ?? object["model"] as? String,
            let messages = object["messages"] as? [[String: Any]], !messages.isEmpty,
            object["max_tokens"] is Int
        else { return nil }
        self.body = body
        self.model = model
        isStreaming = isStreamingByPath ?? object["stream"] as? Bool ?? false
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
