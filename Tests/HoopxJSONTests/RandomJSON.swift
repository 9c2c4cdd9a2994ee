import HoopxJSON

/// JSON values at random, with the characters and numbers that writers get wrong.
extension JSONValue {
    static func random(depth: Int = 4, using generator: inout SeededGenerator) -> JSONValue {
        switch Int.random(in: 0..<(depth > 0 ? 8 : 6), using: &generator) {
        case 0: return .null
        case 1: return .bool(Bool.random(using: &generator))
        case 2:
            return .number(Double(Int64.random(in: -9_007_199_254_740_991...9_007_199_254_740_991, using: &generator)))
        case 3: return .number(randomNumber(using: &generator))
        case 4, 5: return .string(randomText(using: &generator))
        case 6:
            return .array(
                (0..<Int.random(in: 0..<5, using: &generator)).map { _ in random(depth: depth - 1, using: &generator) })
        default:
            let members = (0..<Int.random(in: 0..<5, using: &generator)).map { _ in
                (randomText(using: &generator), random(depth: depth - 1, using: &generator))
            }
            return .object(Dictionary(members, uniquingKeysWith: { first, _ in first }))
        }
    }

    static func randomNumber(using generator: inout SeededGenerator) -> Double {
        while true {
            let number = Double(bitPattern: generator.next())
            if number.isFinite { return number }
        }
    }

    static func randomText(using generator: inout SeededGenerator) -> String {
        let scalars = (0..<Int.random(in: 0..<12, using: &generator)).map { _ -> Unicode.Scalar in
            switch Int.random(in: 0..<6, using: &generator) {
            case 0: return Unicode.Scalar(UInt8.random(in: 0..<0x20, using: &generator))
            case 1: return ["\"", "\\", "/", "\u{7f}", "\u{2028}", "\u{feff}"].randomElement(using: &generator) ?? "/"
            case 2: return Unicode.Scalar(UInt32.random(in: 0xe000...0xffff, using: &generator)) ?? "?"
            case 3: return Unicode.Scalar(UInt32.random(in: 0x10000...0x10ffff, using: &generator)) ?? "?"
            default: return Unicode.Scalar(UInt8.random(in: 0x20..<0x7f, using: &generator))
            }
        }
        var text = ""
        text.unicodeScalars.append(contentsOf: scalars)
        return text
    }
}
