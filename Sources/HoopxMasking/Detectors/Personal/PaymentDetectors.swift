extension Detector {
    /// Card numbers: plain, or in groups as they are printed. A long one is tried before a shorter one, and ends where a
    /// group ends.
    static let creditCard = [
        card(.high, isCommon: true, context: nil),
        card(.medium, isCommon: false, context: Context(cardWords, isRequired: true)),
    ]

    private static let cardWords = [
        "card", "cards", "credit", "debit", "cardnumber", "creditcard", "cc", "pan", "visa", "mastercard", "amex",
        "maestro", "discover", "diners", "jcb", "unionpay", "rupay", "karte", "kreditkarte", "kartennummer", "carte",
        "tarjeta", "carta", "cartao", "payment",
    ]

    private static func card(_ confidence: Confidence, isCommon: Bool, context: Context?) -> Detector {
        Detector(
            .creditCard, [numberEnd], extent: .bounded(23), run: .groupedDigits, holds: .run, lookahead: 2,
            context: context,
            confidence: confidence, ending: NumberEnding(lastGroups: Set(1...19), minimumDigits: 13)
        ) { candidate in
            // Backwards from the end of a group, at each place where a group begins.
            var count = 0
            var start = candidate.matchEnd
            var longest: Range<Int>?
            while count <= 19, let byte = candidate[start - 1] {
                if byte.isDigit {
                    count += 1
                } else if !" -".utf8.contains(byte) || candidate[start - 2]?.isDigit != true {
                    break
                }
                start -= 1
                guard count >= 13, byte.isDigit, candidate[start - 1]?.isDigit != true else { continue }
                let range = start..<candidate.matchEnd
                guard candidate.isAlone(range) else { continue }
                let digits = candidate.text[range].filter(\.isDigit)
                if PaymentCard.isNumber(digits, isCommon: isCommon) { longest = range }
            }
            return longest
        }
    }

    /// IBANs in one piece, and in groups of four as they are printed (ISO 13616, 6.1).
    static let ibanCode = [
        Detector(
            .ibanCode, [Expression(#"\b[a-z]{2}[0-9]{2}[a-z0-9]{8}"#, isCaseless: true)], extent: .bounded(34),
            lookahead: 24, confidence: .high
        ) { iban(in: $0, from: $0.matchEnd - 12) },
        Detector(
            .ibanCode, [Expression("[A-Z]{2}[0-9]{2}[ -][A-Z0-9]")], extent: .bounded(42),
            run: Run(.upperCase + .digits, joiners: ByteSet(" -"), maximumJoin: 1), holds: .run, lookahead: 38,
            confidence: .high
        ) { iban(in: $0, from: $0.matchEnd - 6) },
    ]

    private static func iban(in candidate: Candidate, from start: Int) -> Range<Int>? {
        guard let first = candidate[start], let second = candidate[start + 1],
            let length = IBAN.length(country: first.uppercase, second.uppercase),
            candidate[start - 1]?.isWordByte != true
        else { return nil }
        var code: [UInt8] = []
        var end = start
        while code.count < length, let byte = candidate[end] {
            if byte.isAlphanumeric {
                code.append(byte.uppercase)
            } else if !" -".utf8.contains(byte) || !code.count.isMultiple(of: 4) || candidate[end - 1] == byte {
                return nil
            }
            end += 1
        }
        guard candidate[end]?.isWordByte != true, IBAN.isCode(code[...]) else { return nil }
        return start..<end
    }

    /// An account number, behind words that say so: it has no shape of its own.
    static let usBankNumber = [
        Detector(
            .usBankNumber,
            [
                Expression(
                    #"(?:bank|checking|savings|account|acct)[ _.-]?(?:account|acct|number|num|no|nr|#)[^0-9\n;]{0,20}[0-9]"#,
                    isCaseless: true)
            ],
            extent: .bounded(21), run: Run(.digits, joiners: ByteSet(" -"), maximumJoin: 1), holds: .match,
            lookahead: 22,
            confidence: .low
        ) { candidate in
            let start = candidate.matchEnd - 1
            var end = candidate.end(of: .digits, from: start)
            while let byte = candidate[end], " -".utf8.contains(byte), candidate[end + 1]?.isDigit == true,
                end - start < 17
            {
                end = candidate.end(of: .digits, from: end + 1)
            }
            let digits = candidate.text[start..<end].filter(\.isDigit)
            guard (8...17).contains(digits.count), candidate.isAlone(start..<end) else { return nil }
            return CheckDigits.isOneDigitRepeated(digits) ? nil : start..<end
        }
    ]
}
