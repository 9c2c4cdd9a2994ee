/// Numbers that states give to people, as ASCII without separators.
enum NationalNumbers {
    /// US Social Security number: 9 digits. Area 000, 666 and 900 to 999, group 00 and serial 0000 are never assigned
    /// (SSA, POMS RM 10201.035), and some numbers were printed in advertisements.
    static func isSSN(_ digits: [UInt8]) -> Bool {
        guard digits.count == 9 else { return false }
        let area = number(digits[0..<3])
        let isAssigned =
            area != 0 && area != 666 && area < 900 && number(digits[3..<5]) != 0 && number(digits[5..<9]) != 0
        return isAssigned && !CheckDigits.isOneDigitRepeated(digits) && !advertisedSSNs.contains(number(digits[...]))
    }

    private static let advertisedSSNs: Set<Int> = [078_05_1120, 219_09_9999, 123_45_6789, 987_65_4321]

    /// US Individual Taxpayer Identification Number: 9 digits, 9 first, the fourth and fifth in 50-65, 70-88, 90-92,
    /// 94-99 (IRS, Publication 4757 and IRM 3.21.263).
    static func isITIN(_ digits: [UInt8]) -> Bool {
        guard digits.count == 9, digits[0] == UInt8(ascii: "9") else { return false }
        return switch number(digits[3..<5]) {
        case 50...65, 70...88, 90...92, 94...99: true
        default: false
        }
    }

    /// ABA routing transit number: 9 digits, weights 3, 7, 1, a prefix that the Federal Reserve uses (ABA Key to Routing
    /// Numbers: 00-12, 21-32, 61-72, 80).
    static func isABARouting(_ digits: [UInt8]) -> Bool {
        guard digits.count == 9, !CheckDigits.isOneDigitRepeated(digits) else { return false }
        let isPrefixInUse =
            switch number(digits[0..<2]) {
            case 0...12, 21...32, 61...72, 80: true
            default: false
            }
        return isPrefixInUse && CheckDigits.weighedSum(digits, [3, 7, 1, 3, 7, 1, 3, 7, 1]).isMultiple(of: 10)
    }

    /// UK National Health Service number: 10 digits, mod 11 with weights 10 to 2 (NHS Data Dictionary, NHS NUMBER).
    static func isNHS(_ digits: [UInt8]) -> Bool {
        guard digits.count == 10, !CheckDigits.isOneDigitRepeated(digits) else { return false }
        let check = 11 - CheckDigits.weighedSum(digits, [10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11
        return check % 11 == digits[9].decimal && check != 10
    }

    /// German Steuer-Identifikationsnummer: 11 digits, not 0 first, ISO 7064 MOD 11,10; of the first ten digits, one
    /// occurs two or three times, and none more often (BZSt, since 2016; before, just one twice).
    static func isGermanTaxID(_ digits: [UInt8]) -> Bool {
        guard digits.count == 11, digits[0] != UInt8(ascii: "0") else { return false }
        var counts = [Int](repeating: 0, count: 10)
        for digit in digits[0..<10] { counts[digit.decimal] += 1 }
        let repeated = counts.filter { $0 > 1 }
        guard repeated == [2] || repeated == [3] else { return false }
        return CheckDigits.iso7064Mod11And10(digits)
    }

    /// Indian Aadhaar: 12 digits, the first 2 to 9, Verhoeff, no palindrome (UIDAI, Verhoeff algorithm annexure).
    static func isAadhaar(_ digits: [UInt8]) -> Bool {
        digits.count == 12 && digits[0] >= UInt8(ascii: "2") && !digits.elementsEqual(digits.reversed())
            && CheckDigits.verhoeff(digits)
    }

    /// Brazilian CPF: 11 digits, the last two of them mod 11 (Receita Federal, IN RFB 1548/2015).
    static func isCPF(_ digits: [UInt8]) -> Bool {
        guard digits.count == 11, !CheckDigits.isOneDigitRepeated(digits) else { return false }
        let first = CheckDigits.weighedSum(digits, [10, 9, 8, 7, 6, 5, 4, 3, 2]) * 10 % 11 % 10
        let second = CheckDigits.weighedSum(digits, [11, 10, 9, 8, 7, 6, 5, 4, 3, 2]) * 10 % 11 % 10
        return digits[9].decimal == first && digits[10].decimal == second
    }

    /// Australian tax file number: 9 digits, or 8 of the older ones, mod 11 (ATO).
    static func isTFN(_ digits: [UInt8]) -> Bool {
        let weights: [Int]
        switch digits.count {
        case 9: weights = [1, 4, 3, 7, 5, 8, 6, 9, 10]
        case 8: weights = [10, 7, 8, 4, 6, 3, 5, 1]
        default: return false
        }
        return !CheckDigits.isOneDigitRepeated(digits) && CheckDigits.weighedSum(digits, weights).isMultiple(of: 11)
    }

    /// Of more digits than any number of interest has, some large number.
    static func number(_ digits: ArraySlice<UInt8>) -> Int { digits.reduce(0) { min($0, 1 << 53) * 10 + $1.decimal } }
}
