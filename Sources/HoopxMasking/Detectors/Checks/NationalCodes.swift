/// Codes of letters and digits that states give to people, as upper-case ASCII without separators.
enum NationalCodes {
    /// Spanish NIF: 8 digits and the letter that their remainder by 23 gives (Orden INT/2058/2008 and RD 1065/2007);
    /// K, L or M and 7 digits are persons without a DNI.
    static func isNIF(_ code: [UInt8]) -> Bool {
        guard code.count == 9, let first = code.first else { return false }
        let digits = "KLM".utf8.contains(first) ? code[1..<8] : code[0..<8]
        return digits.allSatisfy(\.isDigit) && code[8] == spanishLetter(NationalNumbers.number(digits))
    }

    /// Spanish NIE: X, Y or Z for 0, 1 or 2, then as a NIF.
    static func isNIE(_ code: [UInt8]) -> Bool {
        guard code.count == 9, let prefix = Array("XYZ".utf8).firstIndex(of: code[0]) else { return false }
        let digits = code[1..<8]
        guard digits.allSatisfy(\.isDigit) else { return false }
        return code[8] == spanishLetter(prefix * 10_000_000 + NationalNumbers.number(digits))
    }

    private static func spanishLetter(_ number: Int) -> UInt8 { Array("TRWAGMYFPDXBNJZSQVHLCKE".utf8)[number % 23] }

    /// Italian codice fiscale: 6 letters, year, month letter, day (40 more for women), place, check letter (DM 23/12/1976).
    /// The digits may be letters where two people would share a code (omocodia).
    static func isFiscalCode(_ code: [UInt8]) -> Bool {
        guard code.count == 16, code[15].isUpper, code[0..<6].allSatisfy(\.isUpper) else { return false }
        guard "ABCDEHLMPRST".utf8.contains(code[8]), code[11].isUpper else { return false }
        var digits: [UInt8] = []
        for place in [6, 7, 9, 10, 12, 13, 14] {
            if code[place].isDigit {
                digits.append(code[place])
            } else if let value = Array("LMNPQRSTUV".utf8).firstIndex(of: code[place]) {
                digits.append(UInt8(ascii: "0") + UInt8(value))
            } else {
                return false
            }
        }
        guard [1...31, 41...71].contains(where: { $0.contains(NationalNumbers.number(digits[2..<4])) }) else {
            return false
        }
        let sum = code.prefix(15).enumerated().reduce(0) { sum, character in
            let value =
                character.element.isDigit ? character.element.decimal : Int(character.element - UInt8(ascii: "A"))
            return sum + (character.offset.isMultiple(of: 2) ? fiscalOddValues[value] : value)
        }
        return code[15] == UInt8(ascii: "A") + UInt8(sum % 26)
    }

    /// What a character at an odd place (the first is 1) counts: A as 0, Z as 25.
    private static let fiscalOddValues = [
        1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23,
    ]
}
