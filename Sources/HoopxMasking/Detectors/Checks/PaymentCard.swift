/// Payment card numbers (ISO/IEC 7812-1): issuer ranges, their lengths, and the Luhn check digit.
enum PaymentCard {
    /// - Parameters:
    ///   - digits: ASCII digits without separators.
    ///   - isCommon: whether it must be of a length and range that the large networks issue today. Other numbers pass the
    ///     check digit too often (one in ten) to be believed without a word beside them.
    static func isNumber(_ digits: some BidirectionalCollection<UInt8>, isCommon: Bool) -> Bool {
        let prefix = digits.prefix(4).reduce(0) { $0 * 10 + $1.decimal }
        guard (isCommon ? commonLengths(prefix) : rareLengths(prefix)).contains(digits.count) else { return false }
        let digits = Array(digits)
        return !CheckDigits.isOneDigitRepeated(digits) && CheckDigits.luhn(digits)
    }

    /// How long numbers are in the issuer's range that the first digits are in, as the networks publish their ranges.
    private static func commonLengths(_ prefix: Int) -> Lengths {
        switch prefix {
        case 4000...4999: [16]  // Visa
        case 5100...5599, 2221...2720: [16]  // Mastercard
        case 3400...3499, 3700...3799: [15]  // American Express
        case 3000...3059, 3095, 3600...3699, 3800...3999: [14]  // Diners Club
        case 3528...3589: [16]  // JCB
        case 6011, 6440...6599, 6221...6229: [16]  // Discover
        default: []
        }
    }

    private static func rareLengths(_ prefix: Int) -> Lengths {
        switch prefix {
        case 4000...4999: [13, 19]  // Visa
        case 2131: [15]  // JCB
        case 2200...2204: [16, 17, 18, 19]  // Mir
        case 3000...3059, 3095, 3600...3699, 3800...3999: [16, 19]  // Diners Club
        case 3528...3589, 6011, 6440...6599: [19]  // JCB, Discover
        case 5018, 5020, 5038, 5893, 6304, 6759, 6761...6763: [13, 14, 15, 16, 17, 18, 19]  // Maestro
        case 5080...5089, 5600...5899, 6000...6999, 8100...8172: [16, 17, 18, 19]  // RuPay, UnionPay, Maestro
        default: []
        }
    }

    /// A set of numbers up to 31, in one word: it is asked for at each place where a number could begin.
    private struct Lengths: ExpressibleByArrayLiteral {
        private let bits: UInt32

        init(arrayLiteral lengths: Int...) { bits = lengths.reduce(0) { $0 | 1 << UInt32($1) } }

        func contains(_ length: Int) -> Bool { length < 32 && bits & 1 << UInt32(length) != 0 }
    }
}
