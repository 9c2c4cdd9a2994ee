extension Detector {
    /// A number of a fixed shape.
    ///
    /// - Parameters:
    ///   - pattern: matches the whole value, from one border of words to another.
    ///   - lengths: in bytes with separators, the longest first.
    ///   - check: gets letters and digits only, in upper case.
    static func number(
        _ entity: EntityType, _ pattern: String, lengths: [Int], run: Run = .groupedDigits, context: Context? = nil,
        confidence: Confidence, check: @escaping @Sendable ([UInt8]) -> Bool
    ) -> Detector {
        Detector(
            entity, [Expression(pattern)], extent: .bounded(lengths[0]), run: run, holds: .run, lookahead: 2,
            context: context, confidence: confidence
        ) { candidate in
            for length in lengths where length <= candidate.matchEnd {
                let range = (candidate.matchEnd - length)..<candidate.matchEnd
                let isFree =
                    candidate.isAlone(range)
                    && (candidate.isApart(range) || !candidate.text[range].contains(UInt8(ascii: " ")))
                if isFree, check(candidate.text[range].filter(\.isAlphanumeric)) { return range }
            }
            return nil
        }
    }

    static let usSSN = [
        number(
            .usSSN, #"\b[0-9]{3}[- ][0-9]{2}[- ][0-9]{4}\b"#, lengths: [11], confidence: .medium,
            check: NationalNumbers.isSSN),
        number(
            .usSSN, plainNine, lengths: [9], context: Context(socialSecurityWords, isRequired: true),
            confidence: .medium, check: NationalNumbers.isSSN),
        number(
            .usITIN, #"\b[0-9]{3}[- ][0-9]{2}[- ][0-9]{4}\b"#, lengths: [11], confidence: .medium,
            check: NationalNumbers.isITIN),
        number(
            .usITIN, plainNine, lengths: [9],
            context: Context(
                socialSecurityWords + ["itin", "individual taxpayer", "taxpayer", "tax id", "tin"], isRequired: true),
            confidence: .medium, check: NationalNumbers.isITIN),
    ]

    private static let socialSecurityWords = [
        "ssn", "ssns", "social security", "social", "socialsecurity", "sin", "taxpayer id", "ss number", "ss",
    ]

    static let abaRouting = [
        number(
            .abaRouting, plainNine, lengths: [9],
            context: Context(["routing", "aba", "rtn", "transit", "fedwire", "ach", "wire"], isRequired: true),
            confidence: .high, check: NationalNumbers.isABARouting),
        number(
            .abaRouting, #"\b[0-9]{4}-[0-9]{4}-[0-9]\b"#, lengths: [11],
            context: Context(["routing", "aba", "rtn", "transit", "fedwire", "ach", "wire"], isRequired: true),
            confidence: .high, check: NationalNumbers.isABARouting),
    ]

    static let ukNHS = [
        number(
            .ukNHS, #"\b[0-9]{10}\b"#, lengths: [10],
            context: Context(["nhs", "national health", "health service", "patient"], isRequired: true),
            confidence: .high, check: NationalNumbers.isNHS),
        number(
            .ukNHS, #"\b[0-9]{3}[- ][0-9]{3}[- ][0-9]{4}\b"#, lengths: [12],
            context: Context(["nhs", "national health", "health service", "patient"], isRequired: true),
            confidence: .high, check: NationalNumbers.isNHS),
    ]

    static let deTaxID = [
        number(
            .deTaxID, plainEleven, lengths: [11], context: Context(germanTaxWords, isRequired: true),
            confidence: .high, check: NationalNumbers.isGermanTaxID),
        number(
            .deTaxID, #"\b[0-9]{2} [0-9]{3} [0-9]{3} [0-9]{3}\b"#, lengths: [14], confidence: .high,
            check: NationalNumbers.isGermanTaxID),
    ]

    private static let germanTaxWords = [
        "steuer", "steuerid", "steueridnr", "steuernummer", "steueridentifikationsnummer", "identifikationsnummer",
        "steuerliche", "idnr", "tin", "tax id", "tax identification", "tax number", "bzst",
    ]

    static let inAadhaar = [
        number(
            .inAadhaar, #"\b[2-9][0-9]{11}\b"#, lengths: [12],
            context: Context(["aadhaar", "aadhar", "adhaar", "aadhaars", "uidai", "uid"], isRequired: true),
            confidence: .high, check: NationalNumbers.isAadhaar),
        number(
            .inAadhaar, #"\b[2-9][0-9]{3}[- ][0-9]{4}[- ][0-9]{4}\b"#, lengths: [14], confidence: .medium,
            check: NationalNumbers.isAadhaar),
    ]

    static let brCPF = [
        number(
            .brCPF, #"\b[0-9]{3}\.[0-9]{3}\.[0-9]{3}-[0-9]{2}\b"#, lengths: [14], confidence: .high,
            check: NationalNumbers.isCPF),
        number(
            .brCPF, plainEleven, lengths: [11],
            context: Context(["cpf", "cpfs", "cadastro", "contribuinte", "receita federal"], isRequired: true),
            confidence: .high, check: NationalNumbers.isCPF),
    ]

    static let auTFN = [
        number(
            .auTFN, plainNine, lengths: [9],
            context: Context(["tfn", "tfns", "tax file", "taxfile"], isRequired: true), confidence: .high,
            check: NationalNumbers.isTFN),
        number(
            .auTFN, #"\b[0-9]{3}[- ][0-9]{3}[- ][0-9]{3}\b"#, lengths: [11],
            context: Context(["tfn", "tfns", "tax file", "taxfile"], isRequired: true), confidence: .high,
            check: NationalNumbers.isTFN),
    ]

    static let usPassport = [
        number(
            .usPassport, plainNine, lengths: [9], context: Context(passportWords, isRequired: true),
            confidence: .medium
        ) { !CheckDigits.isOneDigitRepeated($0) },
        number(
            .usPassport, #"\b[A-Z][0-9]{8}\b"#, lengths: [9], run: .token,
            context: Context(passportWords, isRequired: true), confidence: .medium
        ) { !CheckDigits.isOneDigitRepeated(Array($0.dropFirst())) },
    ]

    private static let passportWords = ["passport", "passports", "travel document", "passportnumber", "passportno"]

    /// One expression serves all kinds of nine digits, and one all of eleven: it is compiled once.
    private static let plainNine = #"\b[0-9]{9}\b"#
    private static let plainEleven = #"\b[0-9]{11}\b"#
}
