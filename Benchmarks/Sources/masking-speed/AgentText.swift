/// Text as agents send it: JSON with prose, code, paths, UUIDs, digests, timestamps and counts, and nothing to be masked.
enum AgentText {
    static func make(_ size: Int) -> [UInt8] {
        var source = Source(state: 7)
        var text: [UInt8] = []
        text.reserveCapacity(size + 4096)
        while text.count < size { text += Array(source.part().utf8) }
        return text
    }

    private struct Source {
        /// Of Vigna's generator SplitMix64.
        var state: UInt64

        mutating func next(_ bound: Int) -> Int {
            state &+= 0x9E37_79B9_7F4A_7C15
            var z = state
            z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
            z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
            return Int((z ^ (z >> 31)) % UInt64(bound))
        }

        mutating func hexadecimal(_ count: Int) -> String {
            (0..<count).map { _ in String(next(16), radix: 16) }.joined()
        }

        mutating func number(_ count: Int) -> String { (0..<count).map { _ in String(next(10)) }.joined() }

        mutating func word() -> String { Self.words[next(Self.words.count)] }

        mutating func part() -> String {
            switch next(14) {
            case 0:
                "{\"id\":\"\(hexadecimal(8))-\(hexadecimal(4))-4\(hexadecimal(3))-a\(hexadecimal(3))-\(hexadecimal(12))\","
                    + "\"created_at\":\"2026-0\(1 + next(9))-1\(next(10))T0\(next(10)):1\(next(10)):2\(next(10)).\(number(6))Z\"},"
            case 1: "\"usage\":{\"input_tokens\":\(number(4)),\"output_tokens\":\(number(3))},"
            case 2:
                "    let \(word()) = \(word()).\(word())(\(number(2)), count: \(number(3)))\\n"
                    + "    if x >= 0x\(hexadecimal(8)) { return \\\"\(word())\\\" }\\n"
            case 3: "commit \(hexadecimal(40))\\nAuthor: someone\\n"
            case 4:
                "/usr/lib/x86_64-linux-gnu/\(word())/\(word()).swift:\(number(3)):\(number(2)): error: '\(word())'\\n"
            case 5:
                "\"temperature\":\(next(10)).\(number(6)),\"timestamp\":\(number(10)),\"x\":-\(number(3)).\(number(2)),"
            default: "\"text\":\"" + (0..<(10 + next(30))).map { _ in word() }.joined(separator: " ") + ".\\n\","
            }
        }

        private static let words = [
            "the", "quick", "brown", "fox", "jumps", "over", "a", "lazy", "dog", "while", "function", "returns",
            "value",
            "import", "struct", "class", "let", "var", "guard", "if", "else", "for", "in", "where", "error", "request",
            "response", "server", "client", "token", "message", "content", "index", "file", "path", "line", "number",
            "string", "array", "dictionary", "async", "await", "throws", "public", "static", "package", "build", "test",
        ]
    }
}
