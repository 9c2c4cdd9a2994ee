extension JSONValue {
    /// As text over several lines for people, two blanks a level, members in canonical order.
    public var page: String {
        var output: [UInt8] = []
        write(to: &output, indent: 0)
        return String(decoding: output, as: UTF8.self)
    }

    private func write(to output: inout [UInt8], indent: Int) {
        switch self {
        case .array(let elements) where !elements.isEmpty:
            Self.lines(elements, "[", "]", to: &output, indent: indent) { $0.write(to: &$1, indent: indent + 1) }
        case .object(let members) where !members.isEmpty:
            let sorted = members.sorted { CanonicalJSON.precedes($0.key, $1.key) }
            Self.lines(sorted, "{", "}", to: &output, indent: indent) { member, output in
                JSONString.append(member.key, to: &output)
                output += " : ".utf8
                member.value.write(to: &output, indent: indent + 1)
            }
        default: output += CanonicalJSON.bytes(of: self)
        }
    }

    private static func lines<Item>(
        _ items: [Item], _ opening: String, _ closing: String, to output: inout [UInt8], indent: Int,
        write: (Item, inout [UInt8]) -> Void
    ) {
        output += opening.utf8
        for (index, item) in items.enumerated() {
            output += (index == 0 ? "\n" : ",\n").utf8
            output += repeatElement(UInt8(ascii: " "), count: 2 * indent + 2)
            write(item, &output)
        }
        output.append(UInt8(ascii: "\n"))
        output += repeatElement(UInt8(ascii: " "), count: 2 * indent)
        output += closing.utf8
    }
}
