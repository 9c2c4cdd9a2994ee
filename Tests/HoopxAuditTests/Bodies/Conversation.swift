/// Makes the requests of an agent that edits a program: system prompt and tools first, then messages with tool uses and
/// their results, and a cache_control marker on the last two.
struct Conversation {
    private var random: SeededGenerator
    private var messages: [String] = []
    private let head: String

    init(seed: UInt64) {
        random = SeededGenerator(seed: seed)
        var random = SeededGenerator(seed: seed + 1)
        let tools = (1...12).map { tool in
            #"{"name":"tool_\#(tool)","description":"\#(Self.prose(600, &random))","input_schema":{"type":"object"}}"#
        }
        head =
            #"{"model":"claude-opus-4-1","max_tokens":32000,"stream":true,"system":[{"type":"text","text":""#
            + Self.prose(9_000, &random) + #"","cache_control":{"type":"ephemeral"}}],"tools":["#
            + tools.joined(separator: ",") + #"],"messages":["#
    }

    /// The body of the next turn's request.
    mutating func nextRequest() -> [UInt8] {
        if !messages.isEmpty {
            let id = "toolu_" + String(UInt64.random(in: 0 ... .max, using: &random), radix: 36)
            messages.append(
                #"{"role":"assistant","content":[{"type":"text","text":"\#(Self.prose(300, &random))"},"#
                    + #"{"type":"tool_use","id":"\#(id)","name":"tool_3","input":{"command":"\#(Self.prose(120, &random))"}}]}"#
            )
            let size = Int.random(in: 500...6_000, using: &random)
            messages.append(
                #"{"role":"user","content":[{"type":"tool_result","tool_use_id":"\#(id)","content":"\#(Self.prose(size, &random))"@}]}"#
            )
        } else {
            messages.append(#"{"role":"user","content":[{"type":"text","text":"\#(Self.prose(800, &random))"@}]}"#)
        }
        let users = messages.indices.filter { messages[$0].contains("@") }.suffix(2)
        let marked = messages.enumerated().map { index, message in
            message.replacing("@", with: users.contains(index) ? #","cache_control":{"type":"ephemeral"}"# : "")
        }
        return Array((head + marked.joined(separator: ",") + "]}").utf8)
    }

    private static let words = """
        the a of to in is for file function return value error test build when that with from string list number if else \
        let var guard throws struct import public private request response header body stream token session key path \
        line column should must because however therefore implementation configuration directory parser buffer offset
        """.split(separator: " ")

    /// Words, numbers and names as they stand in code and prose about it.
    private static func prose(_ count: Int, _ random: inout SeededGenerator) -> String {
        var text = ""
        while text.utf8.count < count {
            switch Int.random(in: 0..<10, using: &random) {
            case 0: text += String(Int.random(in: 0..<100_000, using: &random)) + " "
            case 1: text += #"\n    "# + String(UInt32.random(in: 0 ... .max, using: &random), radix: 36) + "() "
            default: text += words[Int.random(in: 0..<words.count, using: &random)] + " "
            }
        }
        return text
    }
}
