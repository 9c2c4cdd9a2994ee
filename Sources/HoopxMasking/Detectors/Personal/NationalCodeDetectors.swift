extension Detector {
    static let esNIF = [
        number(
            .esNIF, #"\b(?:[0-9]{8}|[KLM][0-9]{7})-?[A-Z]\b"#, lengths: [10, 9], run: .token, confidence: .high,
            check: NationalCodes.isNIF),
        number(
            .esNIF, #"\b[0-9]{2}\.[0-9]{3}\.[0-9]{3}-?[A-Z]\b"#, lengths: [12, 11], run: .token, confidence: .high,
            check: NationalCodes.isNIF),
        number(
            .esNIE, #"\b[XYZ]-?[0-9]{7}-?[A-Z]\b"#, lengths: [11, 10, 9], run: .token, confidence: .high,
            check: NationalCodes.isNIE),
    ]

    static let itFiscalCode = [
        Detector(
            .itFiscalCode,
            [
                Expression(
                    #"\b[a-z]{6}[0-9lmnp-v]{2}[abcdehlmprst][0-9lmnp-v]{2}[a-z][0-9lmnp-v]{3}[a-z]\b"#,
                    isCaseless: true)
            ],
            extent: .bounded(16), lookahead: 2, confidence: .high
        ) { candidate in
            let range = (candidate.matchEnd - 16)..<candidate.matchEnd
            let isCode = NationalCodes.isFiscalCode(candidate.text[range].map(\.uppercase))
            return candidate.isAlone(range) && isCode ? range : nil
        }
    ]
}
