/// Payment card numbers (ISO/IEC 7812-1): issuer ranges, their lengths, and the Luhn check digit.
enum PaymentCard {
    /// - Parameter digits: ASCII digits without separators.
    static func isNumber(_ digits: [UInt8]) -> Bool {
        lengths(of: digits).contains(digits.count) && !CheckDigits.isOneDigitRepeated(digits)
            && CheckDigits.luhn(digits)
    }

    /// How long numbers are of the issuer whose range the first digits are in, as the networks publish their ranges.
    private static func lengths(of digits: [UInt8]) -> Set<Int> {
        let four = NationalNumbers.number(digits.prefix(4))
        return switch four {
        case 4000...4999: [13, 16, 19]  // Visa
        case 5100...5599, 2221...2720: [16]  // Mastercard
        case 3400...3499, 3700...3799: [15]  // American Express
        case 3000...3059, 3095, 3600...3699, 3800...3999: [14, 16, 19]  // Diners Club
        case 3528...3589: [16, 19]  // JCB
        case 2131: [15]  // JCB, older
        case 2200...2204: [16, 19]  // Mir
        case 6011, 6440...6599: [16, 19]  // Discover
        case 6200...6299, 8100...8171: [16, 17, 18, 19]  // UnionPay
        case 5018, 5020, 5038, 5893, 6304, 6759, 6761...6763: [12, 13, 14, 15, 16, 17, 18, 19]  // Maestro
        case 5080...5089, 5600...5899, 6000...6999: [16]  // RuPay, Maestro and other debit cards
        default: []
        }
    }
}
