import Testing

/// A stream of Claude's events with values planted in its texts, cut into deltas anywhere.
struct ExampleConversation {
    enum Kind: String { case text = "text_delta", thinking = "thinking_delta", input = "input_json_delta" }

    private(set) var bytes: [UInt8] = []
    /// What the texts are, in the order in which they end.
    private(set) var texts: [(kind: Kind, text: String)] = []
    private var generator: SeededGenerator
    private let lineEnd: String

    init(seed: UInt64) {
        generator = SeededGenerator(seed)
        lineEnd = ["\n", "\r\n", "\r"].randomElement(using: &generator) ?? "\n"
        add("message_start", #"{"type":"message_start","message":{"id":"msg_1","usage":{"input_tokens":12}}}"#)
        for index in 0..<Int.random(in: 1...4, using: &generator) {
            let kind = [Kind.text, .thinking, .input].randomElement(using: &generator) ?? .text
            add("content_block_start", #"{"type":"content_block_start","index":\#(index)}"#)
            let text = kind == .input ? input() : prose()
            texts.append((kind, text))
            for piece in pieces(Self.units(text)) {
                add("content_block_delta", Self.delta(kind, index, piece))
                if Int.random(in: 0..<9, using: &generator) == 0 { add("ping", #"{"type": "ping"}"#) }
                if Int.random(in: 0..<9, using: &generator) == 0 { bytes += Array(": x\(lineEnd)\(lineEnd)".utf8) }
            }
            add("content_block_stop", #"{"type":"content_block_stop","index":\#(index)}"#)
        }
        add("message_stop", #"{"type":"message_stop"}"#)
    }

    static func delta(_ kind: Kind, _ index: Int, _ piece: String) -> String {
        let name = kind == .text ? "text" : kind == .thinking ? "thinking" : "partial_json"
        return
            #"{"type":"content_block_delta","index":\#(index),"delta":{"type":"\#(kind.rawValue)","\#(name)":"\#(piece)"}}"#
    }

    private mutating func add(_ name: String, _ data: String) {
        bytes += Array("event: \(name)\(lineEnd)data: \(data)\(lineEnd)\(lineEnd)".utf8)
    }

    static let values = [
        "4111111111111111", "4111 1111 1111 1111", "4111-1111-1111-1111", "ann@mail.example", "BEGIN ab\ncd END",
    ]

    private mutating func prose() -> String {
        var text = ""
        for _ in 0..<Int.random(in: 1...12, using: &generator) {
            text +=
                ["So ", "\u{1f600}", "ä\n", "\"q\" ", "\\ ", "41, ", "x@", ". ", "\u{7}"].randomElement(
                    using: &generator) ?? ""
            text += Self.values.randomElement(using: &generator) ?? ""
            text += [". ", "\n", " \u{20ac}", "\\", "/"].randomElement(using: &generator) ?? ""
        }
        return text
    }

    private mutating func input() -> String {
        var members: [String] = []
        for index in 0..<Int.random(in: 1...6, using: &generator) {
            let value = Self.values.randomElement(using: &generator) ?? ""
            let escaped = value.replacing("\n", with: "\\n")
            members.append(
                [
                    #""k\#(index)": "\n\#(escaped)\"\\ ""#, #""n\#(index)": 4111111111111111"#,
                    #""m\#(index)":[-41.5e3,4111111111111111,true]"#, #""\#(escaped)_\#(index)":"\u00e4\t""#,
                ].randomElement(using: &generator) ?? "")
        }
        return "{" + members.joined(separator: ", ") + "}"
    }

    /// The characters as they stand in a JSON string, each escaped in one of its ways.
    private static func units(_ text: String) -> [[String]] {
        text.unicodeScalars.map { scalar in
            let escapes = String(scalar).utf16.map { unit in
                let digits = String(unit, radix: 16)
                return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            }
            switch scalar {
            case "\"": return ["\\\""]
            case "\\": return ["\\\\"]
            case "\n": return ["\\n"]
            case "\0"..<" ": return escapes
            default: return escapes.count == 2 ? [String(scalar)] + escapes : [String(scalar), escapes[0]]
            }
        }
    }

    private mutating func pieces(_ units: [[String]]) -> [String] {
        var pieces = [""]
        let longest = [1, 4, 30].randomElement(using: &generator) ?? 1
        let isEscaped = Bool.random(using: &generator)
        var room = longest
        for unit in units {
            var written = [unit[0]]
            if isEscaped, Int.random(in: 0..<4, using: &generator) == 0 {
                // A pair may be parted.
                written = unit.count == 3 ? Array(unit[1...]) : [unit[unit.count - 1]]
            }
            for part in written {
                pieces[pieces.count - 1] += part
                room -= 1
                if room == 0 {
                    pieces.append("")
                    room = Int.random(in: 1...longest, using: &generator)
                }
            }
        }
        return pieces
    }
}

/// What a client makes of a stream.
struct ReadStream {
    /// The texts of blocks, in the order in which they end.
    private(set) var texts: [String] = []
    /// All other events, and comments, as they came.
    private(set) var others: [String] = []
    private var open: [(index: UInt8, text: [UInt16])] = []

    init(_ bytes: [UInt8]) throws {
        var event: [UInt8] = []
        for (index, byte) in bytes.enumerated() {
            if byte == 0x0a, index > 0, bytes[index - 1] == 0x0d { continue }
            event.append(byte == 0x0d ? 0x0a : byte)
            guard event.suffix(2) == [0x0a, 0x0a] else { continue }
            try read(event)
            event = []
        }
        if !event.isEmpty { try read(event) }
        end()
    }

    private mutating func read(_ event: [UInt8]) throws {
        let prefix = Array("event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":".utf8)
        guard event.starts(with: prefix) else {
            let text = String(decoding: event, as: UTF8.self)
            others.append(text)
            if !text.hasPrefix(":"), !text.contains("ping") { end() }
            return
        }
        let index = event[prefix.count]
        // {"type":"text_delta","text":"...
        let quotes = event.indices.dropFirst(prefix.count).filter { event[$0] == 0x22 }
        try #require(quotes.count >= 10)
        try #require(event.suffix(5) == Array("\"}}\n\n".utf8))
        let units = try Self.units(String(decoding: event[(quotes[8] + 1)..<(event.count - 5)], as: UTF8.self))
        if let known = open.firstIndex(where: { $0.index == index }) {
            open[known].text += units
        } else {
            open.append((index, units))
        }
    }

    private mutating func end() {
        texts += open.map { String(decoding: $0.text, as: UTF16.self) }
        open = []
    }

    /// Undoes the escapes of a JSON string, with halves of pairs as they are.
    private static func units(_ escaped: String) throws -> [UInt16] {
        var units: [UInt16] = []
        var rest = Array(escaped.utf16)[...]
        while let unit = rest.popFirst() {
            guard unit == 0x5c else {
                guard unit != 0x22, unit >= 0x20 else { throw NotJSON() }
                units.append(unit)
                continue
            }
            guard let letter = rest.popFirst() else { throw NotJSON() }
            if letter == 0x75 {
                guard rest.count >= 4, let unit = UInt16(String(decoding: rest.prefix(4), as: UTF16.self), radix: 16)
                else {
                    throw NotJSON()
                }
                units.append(unit)
                rest = rest.dropFirst(4)
            } else if let plain = plain[letter] {
                units.append(plain)
            } else {
                throw NotJSON()
            }
        }
        return units
    }

    private static let plain: [UInt16: UInt16] = [
        0x22: 0x22, 0x5c: 0x5c, 0x2f: 0x2f, 0x62: 8, 0x66: 12, 0x6e: 10, 0x72: 13, 0x74: 9,
    ]

    struct NotJSON: Error {}
}
