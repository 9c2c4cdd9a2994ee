/// Telephone numbers (ITU-T E.164, and the North American Numbering Plan), as ASCII digits without separators.
enum TelephoneNumber {
    /// An international number, without its plus sign: a country code that is assigned, 8 to 15 digits in all.
    static func isInternational(_ digits: [UInt8]) -> Bool {
        guard (8...15).contains(digits.count), !CheckDigits.isOneDigitRepeated(digits) else { return false }
        if digits[0] == UInt8(ascii: "1") { return digits.count == 11 && isNorthAmerican(Array(digits.dropFirst())) }
        if digits[0] == UInt8(ascii: "7") { return digits.count == 11 }
        return twoDigitCodes.contains(NationalNumbers.number(digits[0..<2]))
            || threeDigitCodes.contains { $0.contains(NationalNumbers.number(digits[0..<3])) }
    }

    /// Ten digits: area and exchange begin with 2 to 9, and neither is a service code such as 911 (NANPA).
    static func isNorthAmerican(_ digits: [UInt8]) -> Bool {
        guard digits.count == 10, !CheckDigits.isOneDigitRepeated(digits) else { return false }
        return [digits[0..<3], digits[3..<6]].allSatisfy { code in
            code.first.map { $0 >= UInt8(ascii: "2") } == true
                && !code.dropFirst().allSatisfy { $0 == UInt8(ascii: "1") }
        } && digits[1] != UInt8(ascii: "9")
    }

    /// A national number with its trunk prefix 0, as Europe, Asia, Australia and Africa write them: 9 to 12 digits.
    static func isNational(_ digits: [UInt8]) -> Bool {
        (9...12).contains(digits.count) && digits[0] == UInt8(ascii: "0") && digits[1] != UInt8(ascii: "0")
            && !CheckDigits.isOneDigitRepeated(Array(digits.dropFirst()))
    }

    private static let twoDigitCodes: Set<Int> = [
        20, 27, 30, 31, 32, 33, 34, 36, 39, 40, 41, 43, 44, 45, 46, 47, 48, 49, 51, 52, 53, 54, 55, 56, 57, 58, 60, 61,
        62, 63, 64, 65, 66, 81, 82, 84, 86, 90, 91, 92, 93, 94, 95, 98,
    ]

    private static let threeDigitCodes = [
        211...213, 216...216, 218...218, 220...258, 260...269, 290...291, 297...299, 350...359, 370...378, 380...383,
        385...387, 389...389, 420...421, 423...423, 500...509, 590...599, 670...670, 672...683, 685...692, 800...800,
        808...808, 850...850, 852...853, 855...856, 870...870, 878...878, 880...883, 886...886, 888...888, 960...968,
        970...977, 979...979, 992...996, 998...998,
    ]
}

extension TelephoneNumber {
    /// Digits in one piece, where a word says that they are a telephone number: 9 to 11 digits that are no time stamp.
    static func isPlain(_ digits: [UInt8]) -> Bool {
        guard !CheckDigits.isOneDigitRepeated(digits) else { return false }
        return switch (digits.count, digits.first) {
        case (10, UInt8(ascii: "1")): false
        case (11, UInt8(ascii: "1")): isNorthAmerican(Array(digits.dropFirst()))
        case (9...11, _): true
        default: false
        }
    }
}
