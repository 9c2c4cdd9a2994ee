/// International Bank Account Numbers (ISO 13616): country, its BBAN structure, and check digits (MOD 97-10).
enum IBAN {
    static let lengths = 15...33

    /// How long an IBAN of the country is, in characters without spaces; nil where the registry does not have it.
    static func length(country first: UInt8, _ second: UInt8) -> Int? {
        structures[key(first, second)].map { structure in 4 + structure.reduce(0) { $0 + $1.count } }
    }

    /// - Parameter code: upper-case ASCII without separators.
    static func isCode(_ code: ArraySlice<UInt8>) -> Bool {
        guard code.count >= 15, let structure = structures[key(code[code.startIndex], code[code.startIndex + 1])] else {
            return false
        }
        var rest = code.dropFirst(4)
        for part in structure {
            guard rest.count >= part.count, rest.prefix(part.count).allSatisfy(part.admits) else { return false }
            rest = rest.dropFirst(part.count)
        }
        return rest.isEmpty && CheckDigits.remainderBy97([code.dropFirst(4), code.prefix(4)].joined()) == 1
    }

    private struct Part {
        let count: Int
        let kind: Character

        func admits(_ character: UInt8) -> Bool {
            switch kind {
            case "n": character.isDigit
            case "a": character.isUpper
            default: character.isDigit || character.isUpper
            }
        }
    }

    private static func key(_ first: UInt8, _ second: UInt8) -> UInt16 { UInt16(first) << 8 | UInt16(second) }

    private static let structures: [UInt16: [Part]] = {
        var structures: [UInt16: [Part]] = [:]
        for entry in registry.split(whereSeparator: \.isWhitespace) {
            let country = Array(entry.utf8.prefix(2))
            var parts: [Part] = []
            var count = 0
            for character in entry.dropFirst(3) {
                if let digit = character.wholeNumberValue {
                    count = count * 10 + digit
                } else {
                    parts.append(Part(count: count, kind: character))
                    count = 0
                }
            }
            structures[key(country[0], country[1])] = parts
        }
        return structures
    }()

    /// BBAN structures of the SWIFT IBAN Registry: n digits, a upper-case letters, c either.
    private static let registry = """
        AD:8n12c AE:19n AL:8n16c AT:16n AZ:4a20c BA:16n BE:12n BG:4a6n8c BH:4a14c BI:23n BR:23n1a1c BY:4c4n16c CH:5n12c
        CR:18n CY:8n16c CZ:20n DE:18n DJ:23n DK:14n DO:4c20n EE:16n EG:25n ES:20n FI:14n FK:2a12n FO:14n FR:10n11c2n
        GB:4a14n GE:2a16n GI:4a15c GL:14n GR:7n16c GT:4c20c HN:4a20n HR:17n HU:24n IE:4a14n IL:19n IQ:4a15n IS:22n
        IT:1a10n12c JO:4a4n18c KW:4a22c KZ:3n13c LB:4n20c LC:4a24c LI:5n12c LT:16n LU:3n13c LV:4a13c LY:21n
        MC:10n11c2n MD:2c18c ME:18n MK:3n10c2n MN:16n MR:23n MT:4a5n18c MU:4a19n3a NI:4a20n NL:4a10n NO:11n OM:3n16c
        PK:4a16c PL:24n PS:4a21c PT:21n QA:4a21c RO:4a16c RS:18n RU:14n15c SA:2n18c SC:4a20n3a SD:14n SE:20n SI:15n
        SK:20n SM:1a10n12c SO:19n ST:21n SV:4a20n TL:19n TN:20n TR:5n1n16c UA:6n19c VA:18n VG:4a16n XK:16n YE:4a4n18c
        """
}
