import Foundation
import NIOHTTP1

/// The server-sent events of a streamed turn, in the order of the Claude API.
struct EventStream {
    private(set) var events: [String] = []

    init(_ turn: ModelTurn, model: String, id: String) {
        let usage: [String: Any] = ["input_tokens": 12, "output_tokens": 1]
        let message: [String: Any] = [
            "id": id, "type": "message", "role": "assistant", "model": model, "content": [Any](),
            "stop_reason": NSNull(), "stop_sequence": NSNull(), "usage": usage,
        ]
        add("message_start", ["message": message])
        for (index, block) in turn.blocks.enumerated() {
            switch block {
            case .text(let text):
                add("content_block_start", ["index": index, "content_block": ["type": "text", "text": ""]])
                if index == 0 { add("ping", [:]) }
                for word in Self.words(text) {
                    add("content_block_delta", ["index": index, "delta": ["type": "text_delta", "text": word]])
                }
            case .toolUse(let id, let name, let input):
                let start: [String: Any] = ["type": "tool_use", "id": id, "name": name, "input": [String: Any]()]
                add("content_block_start", ["index": index, "content_block": start])
                for piece in [""] + Self.pieces(input) {
                    let delta = ["type": "input_json_delta", "partial_json": piece]
                    add("content_block_delta", ["index": index, "delta": delta])
                }
            }
            add("content_block_stop", ["index": index])
        }
        let delta: [String: Any] = ["stop_reason": turn.stopReason, "stop_sequence": NSNull()]
        add("message_delta", ["delta": delta, "usage": ["output_tokens": 9]])
        add("message_stop", [:])
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

    private static func pieces(_ text: String) -> [String] {
        var rest = Substring(text)
        var pieces: [String] = []
        while !rest.isEmpty {
            pieces.append(String(rest.prefix(9)))
            rest = rest.dropFirst(9)
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
        if delivery.isGzipped { headers.add(name: "content-encoding", value: "gzip") }
        var steps: [ResponseStep] = [.head(.ok, headers)]
        var gzip = StoredGzip()
        if delivery.isGzipped { steps.append(.bytes(StoredGzip.header)) }

        let errorEvent = delivery.errorEvent.map { [Self.error($0)] }
        let sent = errorEvent.map { events.prefix(2) + $0 } ?? events[...]
        for (index, event) in sent.enumerated() {
            if index == delivery.breaksAfter { return steps + [.abort] }
            if let gate = delivery.gate { steps.append(.gate(gate)) }
            let bytes = delivery.isGzipped ? gzip.block(Array(event.utf8)) : Array(event.utf8)
            let size = delivery.writeSize ?? bytes.count
            for start in stride(from: 0, to: bytes.count, by: size) {
                steps.append(.bytes(Array(bytes[start..<min(start + size, bytes.count)])))
            }
        }
        if delivery.isGzipped { steps.append(.bytes(gzip.block([], isLast: true) + gzip.trailer)) }
        if let gate = delivery.gate { steps.append(.gate(gate)) }
        return steps + [.end(nil)]
    }
}
