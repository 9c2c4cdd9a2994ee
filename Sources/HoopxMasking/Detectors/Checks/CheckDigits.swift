/// Check digits: whether a number, as ASCII digits without separators, can have been issued at all.
enum CheckDigits {
    /// The Luhn formula (ISO/IEC 7812-1, annex B): the last digit is the check digit.
    static func luhn(_ digits: [UInt8]) -> Bool {
        var sum = 0
        for (place, digit) in digits.reversed().enumerated() {
            let value = digit.decimal
            let weighed = place.isMultiple(of: 2) ? value : value * 2
            sum += weighed > 9 ? weighed - 9 : weighed
        }
        return !digits.isEmpty && sum.isMultiple(of: 10)
    }

    /// Verhoeff's scheme over the dihedral group D5 (J. Verhoeff, Error Detecting Decimal Codes, 1969).
    static func verhoeff(_ digits: [UInt8]) -> Bool {
        var check = 0
        for (place, digit) in digits.reversed().enumerated() {
            var value = digit.decimal
            for _ in 0..<(place % 8) { value = verhoeffPermutation[value] }
            check = dihedralProduct(check, value)
        }
        return !digits.isEmpty && check == 0
    }

    private static let verhoeffPermutation = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4]

    /// 0 to 4 are the rotations of a pentagon, 5 to 9 its reflections.
    private static func dihedralProduct(_ left: Int, _ right: Int) -> Int {
        switch (left < 5, right < 5) {
        case (true, true): (left + right) % 5
        case (true, false): 5 + (left + right) % 5
        case (false, true): 5 + (left - right) % 5
        case (false, false): (left - right + 5) % 5
        }
    }

    /// ISO/IEC 7064, MOD 11,10: a hybrid system with one check digit at the end.
    static func iso7064Mod11And10(_ digits: [UInt8]) -> Bool {
        guard let last = digits.last else { return false }
        var product = 10
        for digit in digits.dropLast() {
            let sum = (digit.decimal + product) % 10
            product = (sum == 0 ? 10 : sum) * 2 % 11
        }
        return (11 - product) % 10 == last.decimal
    }

    /// The remainder by 97 (ISO/IEC 7064, MOD 97-10) of digits and upper-case letters, where A is 10 and Z 35.
    static func remainderBy97(_ characters: some Sequence<UInt8>) -> Int? {
        var remainder = 0
        for character in characters {
            switch character {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): remainder = (remainder * 10 + character.decimal) % 97
            case UInt8(ascii: "A")...UInt8(ascii: "Z"):
                remainder = (remainder * 100 + Int(character - UInt8(ascii: "A")) + 10) % 97
            default: return nil
            }
        }
        return remainder
    }

    /// The sum of digits times weights, as far as there are weights.
    static func weighedSum(_ digits: [UInt8], _ weights: [Int]) -> Int {
        zip(digits, weights).reduce(0) { $0 + $1.0.decimal * $1.1 }
    }

    static func isOneDigitRepeated(_ digits: [UInt8]) -> Bool { digits.allSatisfy { $0 == digits.first } }
}

extension UInt8 {
    /// The value of an ASCII digit, 0 to 9.
    var decimal: Int { Int(self &- UInt8(ascii: "0")) }

    var isDigit: Bool { self &- UInt8(ascii: "0") < 10 }
    var isUpper: Bool { self &- UInt8(ascii: "A") < 26 }
    var isLower: Bool { self &- UInt8(ascii: "a") < 26 }
    var isLetter: Bool { (self | 0x20) &- UInt8(ascii: "a") < 26 }
    var isAlphanumeric: Bool { isDigit || isLetter }
    /// An ASCII letter, a digit or an underscore. Characters beyond ASCII are no part of a word: Chinese has no spaces
    /// between words and numbers.
    var isWordByte: Bool { isAlphanumeric || self == UInt8(ascii: "_") }
    var isHexDigit: Bool { isDigit || (self | 0x20) &- UInt8(ascii: "a") < 6 }
    var isPunctuation: Bool { (0x21...0x7E).contains(self) && !isAlphanumeric }
    var lowercase: UInt8 { isUpper ? self | 0x20 : self }
    var uppercase: UInt8 { isLower ? self & 0xDF : self }
}
