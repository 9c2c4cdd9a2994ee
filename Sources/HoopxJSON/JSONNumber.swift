/// JSON numbers as text (RFC 8259, 6).
enum JSONNumber {
    /// Up to here a double holds each whole number: 2^53 - 1, as RFC 7493 (2.2) has it.
    static let exactLimit = 9_007_199_254_740_991.0

    /// Appends a number as ECMAScript's Number::toString has it, which RFC 8785 (3.2.2.3) takes for canonical.
    ///
    /// - Precondition: it is finite.
    static func append(_ number: Double, to output: inout [UInt8]) {
        precondition(number.isFinite, "JSON has no infinity and no NaN")
        if abs(number) <= exactLimit, let whole = Int64(exactly: number) { return append(whole, to: &output) }
        if number < 0 { output.append(UInt8(ascii: "-")) }
        let (digits, point) = shortestDigits(of: abs(number))
        switch point {
        case digits.count...21:
            output += digits
            output += repeatElement(UInt8(ascii: "0"), count: point - digits.count)
        case 1..<max(2, digits.count):
            output += digits[..<point] + [UInt8(ascii: ".")] + digits[point...]
        case -5...0:
            output += [UInt8(ascii: "0"), UInt8(ascii: ".")]
            output += repeatElement(UInt8(ascii: "0"), count: -point)
            output += digits
        default:
            output.append(digits[0])
            if digits.count > 1 { output += [UInt8(ascii: ".")] + digits[1...] }
            output += [UInt8(ascii: "e"), UInt8(ascii: point > 0 ? "+" : "-")]
            append(Int64(abs(point - 1)), to: &output)
        }
    }

    static func append(_ number: Int64, to output: inout [UInt8]) {
        guard number >= 10 || number < 0 else { return output.append(UInt8(ascii: "0") + UInt8(number)) }
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 20) { room in
            var start = 20
            var rest = number.magnitude
            while rest > 0 {
                start -= 1
                room[start] = UInt8(ascii: "0") + UInt8(rest % 10)
                rest /= 10
            }
            if number < 0 {
                start -= 1
                room[start] = UInt8(ascii: "-")
            }
            output.append(contentsOf: UnsafeBufferPointer(rebasing: room[start...]))
        }
    }

    /// The fewest digits that tell the number from its neighbours, and where the decimal point stands among them: 0 for
    /// `0.DIGITS`, 1 for `D.IGITS`. Swift's own description has the same digits as ECMAScript asks for, in another layout.
    private static func shortestDigits(of number: Double) -> (digits: [UInt8], point: Int) {
        var digits: [UInt8] = []
        var point: Int?
        var exponent = 0
        var text = number.description.utf8[...]
        while let byte = text.popFirst() {
            switch byte {
            case UInt8(ascii: "."): point = digits.count
            case UInt8(ascii: "e"):
                exponent = Int(String(Substring(text))) ?? 0
                text = text.suffix(0)
            default: digits.append(byte)
            }
        }
        var position = (point ?? digits.count) + exponent
        let leading = digits.prefix { $0 == UInt8(ascii: "0") }.count
        digits.removeFirst(leading)
        position -= leading
        while digits.last == UInt8(ascii: "0") { digits.removeLast() }
        return (digits, position)
    }
}
