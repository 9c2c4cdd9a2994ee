import Foundation
import NIOHTTP1

/// The server-sent events of a streamed turn, in the order of the Claude API.
struct EventStream {
    private(set) var events: [String] = []

    init(_ turn: ModelTurn, _ delivery: Delivery, model: String, id: String) {
        let message: [String: Any] = [
            "id": id, "type": "message", "role": "assistant", "model": model, "content": [Any](),
            "stop_reason": NSNull(), "stop_sequence": NSNull(), "usage": turn.usage.fields(output: 1),
        ]
        add("message_start", ["message": message])
        for (index, block) in turn.blocks.enumerated() {
            let (start, deltas) = Self.parts(of: block, inputPiece: delivery.inputPiece)
            add("content_block_start", ["index": index, "content_block": start])
            if index == 0 { add("ping", [:]) }
            for delta in deltas { add("content_block_delta", ["index": index, "delta": delta]) }
            add("content_block_stop", ["index": index])
        }
        let delta: [String: Any] = ["stop_reason": turn.stopReason, "stop_sequence": NSNull()]
        add("message_delta", ["delta": delta, "usage": ["output_tokens": turn.usage.output]])
        add("message_stop", [:])
    }

    /// How a block begins, and the deltas that fill it.
    private static func parts(of block: ModelTurn.Block, inputPiece: Int) -> ([String: Any], [[String: Any]]) {
        switch block {
        case .text(let text): return parts(ofText: words(text))
        case .pieces(let pieces): return parts(ofText: pieces)
        case .thinking(let text): return parts(ofThought: words(text))
        case .thinkingPieces(let pieces): return parts(ofThought: pieces)
        case .toolUse(let id, let name, let input):
            return parts(ofUse: "tool_use", id, name, [""] + pieces(input, inputPiece))
        case .serverToolUse(let id, let name, let input):
            return parts(ofUse: "server_tool_use", id, name, [""] + pieces(input, inputPiece))
        }
    }

    private static func parts(ofText pieces: [String]) -> ([String: Any], [[String: Any]]) {
        (["type": "text", "text": ""], pieces.map { ["type": "text_delta", "text": $0] })
    }

    private static func parts(ofThought pieces: [String]) -> ([String: Any], [[String: Any]]) {
        let deltas = pieces.map { ["type": "thinking_delta", "thinking": $0] }
        let signature = ["type": "signature_delta", "signature": "bG9vcGJhY2s="]
        return (["type": "thinking", "thinking": "", "signature": ""], deltas + [signature])
    }

    private static func parts(
        ofUse type: String, _ id: String, _ name: String, _ pieces: [String]
    ) -> ([String: Any], [[String: Any]]) {
        (
            ["type": type, "id": id, "name": name, "input": [String: Any]()],
            pieces.map { ["type": "input_json_delta", "partial_json": $0] }
        )
    }

    static func error(_ type: String) -> String {
        let error = ["type": type, "message": "The stream broke."]
        return "event: error\ndata: \(jsonText(["type": "error", "error": error]))\n\n"
    }

    private mutating func add(_ type: String, _ fields: [String: Any]) {
        let data = jsonText(fields.merging(["type": type]) { $1 })
        events.append("event: \(type)\ndata: \(data)\n\n")
    }

    private static func words(_ text: String) -> [String] {
        var words: [String] = []
        for character in text {
            if words.isEmpty || (character == " ") { words.append("") }
            words[words.count - 1].append(character)
        }
        return words
    }

    private static func pieces(_ text: String, _ size: Int) -> [String] {
        var rest = Substring(text)
        var pieces: [String] = []
        while !rest.isEmpty {
            pieces.append(String(rest.prefix(size)))
            rest = rest.dropFirst(size)
        }
        return pieces
    }
}

extension EventStream {
    /// The steps that send it.
    func steps(_ delivery: Delivery, headers: HTTPHeaders) -> [ResponseStep] {
        var headers = headers
        headers.add(name: "content-type", value: "text/event-stream; charset=utf-8")
        headers.add(name: "cache-control", value: "no-cache")
        if let coding = delivery.coding { headers.add(name: "content-encoding", value: coding.rawValue) }
        var steps: [ResponseStep] = [.head(.ok, headers)]
        let compressor = delivery.coding.map(BodyCompressor.init)

        let errorEvent = delivery.errorEvent.map { [Self.error($0)] }
        let sent = errorEvent.map { events.prefix(delivery.errorAfter) + $0 } ?? events[...]
        for (index, event) in sent.enumerated() {
            if index == delivery.breaksAfter { return steps + [.abort] }
            if let pause = delivery.pause { steps.append(.pause(pause)) }
            if let gate = delivery.gate { steps.append(.gate(gate)) }
            let plain = Array(event.utf8)
            let bytes = compressor?.compress(plain) ?? plain
            let size = delivery.writeSize ?? bytes.count
            for start in stride(from: 0, to: bytes.count, by: size) {
                steps.append(.bytes(Array(bytes[start..<min(start + size, bytes.count)])))
            }
        }
        if let compressor { steps.append(.bytes(compressor.compress([], isLast: true))) }
        if let gate = delivery.gate { steps.append(.gate(gate)) }
        return steps + [.end(nil)]
    }
}
