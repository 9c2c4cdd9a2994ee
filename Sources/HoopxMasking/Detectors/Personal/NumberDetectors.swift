extension Detector {
    /// All numbers of eight digits and more share one expression: of many that are alike, each would cost as much as this
    /// one. It matches where a group ends; what stands before that tells which detectors look further (`NumberEnding`).
    static let numberEnd = Expression(#"[0-9](?:[ ().\/-]{0,2}[0-9]){7}\b"#)

    /// A number of fixed shapes.
    ///
    /// - Parameters:
    ///   - shapes: the longest first; 9 stands for a digit, A for an upper-case letter, the rest for itself.
    ///   - check: gets letters and digits only.
    static func number(
        _ entity: EntityType, _ shapes: [String], end: Expression = numberEnd, run: Run = .groupedDigits,
        context: Context? = nil, confidence: Confidence, check: @escaping @Sendable ([UInt8]) -> Bool
    ) -> Detector {
        let shapes = shapes.map { Array($0.utf8) }
        return Detector(
            entity, [end], extent: .bounded(shapes[0].count), run: run, holds: .run, lookahead: 2, context: context,
            confidence: confidence, ending: NumberEnding(shapes: shapes)
        ) { candidate in
            for shape in shapes where candidate.ends(with: shape) {
                let range = (candidate.matchEnd - shape.count)..<candidate.matchEnd
                let isFree =
                    candidate.isAlone(range) && (candidate.isApart(range) || !shape.contains(UInt8(ascii: " ")))
                if isFree, check(candidate.text[range].filter(\.isAlphanumeric)) { return range }
            }
            return nil
        }
    }

    static let usSSN = [
        number(.usSSN, ["999-99-9999", "999 99 9999"], confidence: .medium, check: NationalNumbers.isSSN),
        number(
            .usSSN, ["999999999"], context: Context(socialSecurityWords, window: 40, isRequired: true),
            confidence: .low,
            check: NationalNumbers.isSSN),
        number(.usITIN, ["999-99-9999", "999 99 9999"], confidence: .medium, check: NationalNumbers.isITIN),
        number(
            .usITIN, ["999999999"],
            context: Context(
                socialSecurityWords + ["itin", "individual taxpayer", "taxpayer", "tax id", "tin"], window: 40,
                isRequired: true),
            confidence: .low, check: NationalNumbers.isITIN),
    ]

    private static let socialSecurityWords = ["ssn", "ssns", "social", "socialsecurity", "taxpayer id", "ss number"]

    static let abaRouting = [
        number(
            .abaRouting, ["9999-9999-9", "999999999"],
            context: Context(
                ["routing", "aba", "rtn", "transit", "fedwire", "ach", "wire"], window: 40, isRequired: true),
            confidence: .high, check: NationalNumbers.isABARouting)
    ]

    static let ukNHS = [
        number(
            .ukNHS, ["999 999 9999", "999-999-9999", "9999999999"],
            context: Context(["nhs", "national health", "health service", "patient"], window: 40, isRequired: true),
            confidence: .high, check: NationalNumbers.isNHS)
    ]

    static let deTaxID = [
        number(.deTaxID, ["99 999 999 999"], confidence: .high, check: NationalNumbers.isGermanTaxID),
        number(
            .deTaxID, ["99999999999"],
            context: Context(
                [
                    "steuer", "steuerid", "steueridnr", "steuernummer", "steueridentifikationsnummer",
                    "identifikationsnummer", "idnr", "tin", "tax id", "tax identification", "tax number",
                ], window: 40, isRequired: true),
            confidence: .high, check: NationalNumbers.isGermanTaxID),
    ]

    static let inAadhaar = [
        number(
            .inAadhaar, ["9999 9999 9999", "9999-9999-9999"], confidence: .medium, check: NationalNumbers.isAadhaar),
        number(
            .inAadhaar, ["999999999999"],
            context: Context(["aadhaar", "aadhar", "adhaar", "aadhaars", "uidai"], window: 40, isRequired: true),
            confidence: .high,
            check: NationalNumbers.isAadhaar),
    ]

    static let brCPF = [
        number(.brCPF, ["999.999.999-99"], confidence: .high, check: NationalNumbers.isCPF),
        number(
            .brCPF, ["99999999999"],
            context: Context(["cpf", "cpfs", "contribuinte", "receita federal"], window: 40, isRequired: true),
            confidence: .high, check: NationalNumbers.isCPF),
    ]

    static let auTFN = [
        number(
            .auTFN, ["999 999 999", "999-999-999", "999999999"],
            context: Context(["tfn", "tfns", "tax file", "taxfile"], window: 40, isRequired: true), confidence: .high,
            check: NationalNumbers.isTFN)
    ]

    static let usPassport = [
        number(
            .usPassport, ["A99999999", "999999999"], run: .token,
            context: Context(
                ["passport", "passports", "passportnumber", "passportno", "travel document"], window: 40,
                isRequired: true),
            confidence: .low
        ) { !CheckDigits.isOneDigitRepeated(Array($0.dropFirst())) }
    ]
}
