extension Detector {
    static let esNIF = [
        number(
            .esNIF, ["99999999-A", "99999999A", "A9999999-A", "A9999999A"], end: codeEnd, run: .token,
            confidence: .high,
            check: NationalCodes.isNIF),
        number(
            .esNIF, ["99.999.999-A", "99.999.999A"], end: Expression(#"[0-9]\.[0-9]{3}\.[0-9]{3}-?[A-Z]\b"#),
            run: .token,
            confidence: .high, check: NationalCodes.isNIF),
        number(
            .esNIE, ["A-9999999-A", "A9999999-A", "A-9999999A", "A9999999A"], end: codeEnd, run: .token,
            confidence: .high,
            check: NationalCodes.isNIE),
    ]

    /// Digits in one piece, or the fraction of each time stamp would be a candidate: `19:10:07.123456Z`.
    private static let codeEnd = Expression(#"[0-9]{7}-?[A-Z]\b"#)

    static let itFiscalCode = [
        Detector(
            .itFiscalCode,
            [Expression("[a-z]{3}[0-9]{2}[abcdehlmprst][0-9]{2}[a-z]", isCaseless: true)],
            extent: .bounded(16), lookahead: 7, confidence: .high
        ) { candidate in
            // Letters for digits (omocodia) replace the last ones first: those within the expression are the last to go.
            let range = (candidate.matchEnd - 12)..<(candidate.matchEnd + 4)
            guard range.lowerBound >= 0, range.upperBound <= candidate.text.count else { return nil }
            let isCode = NationalCodes.isFiscalCode(candidate.text[range].map(\.uppercase))
            return candidate.isAlone(range) && isCode ? range : nil
        }
    ]
}
