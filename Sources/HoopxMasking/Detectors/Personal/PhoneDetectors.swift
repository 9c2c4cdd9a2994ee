extension Detector {
    static let phoneNumber = [
        // +49 30 1234567: complete by itself.
        Detector(
            .phoneNumber, [Expression(#"\+[1-9](?:[ ().-]{0,2}[0-9]){7}"#)], extent: .bounded(32), run: phoneRun,
            holds: .run, lookahead: 26, confidence: .high
        ) { candidate in
            var start = candidate.matchEnd - 1
            while candidate[start] != UInt8(ascii: "+"), start > 0 { start -= 1 }
            guard candidate[start - 1].map({ $0.isWordByte || $0 == UInt8(ascii: "+") }) != true else { return nil }
            return phone(in: candidate, from: start, digitsFrom: start + 1, check: TelephoneNumber.isInternational)
        },
        // (415) 555-2671, 415-555-2671, 1-415-555-2671: the shape is North America's.
        Detector(
            .phoneNumber, [numberEnd], extent: .bounded(18), run: phoneRun, holds: .run, lookahead: 2,
            confidence: .medium, ending: northAmericanEnding
        ) { northAmerican(in: $0, shapes: completeShapes) },
        // What needs a word beside it.
        Detector(
            .phoneNumber, [numberEnd], extent: .bounded(18), run: phoneRun, holds: .run, lookahead: 2,
            context: phoneContext, confidence: .medium, ending: northAmericanEnding
        ) { northAmerican(in: $0, shapes: spacedShapes) },
        Detector(
            .phoneNumber, [numberEnd], extent: .bounded(24), run: phoneRun, holds: .run, lookahead: 2,
            context: phoneContext, confidence: .medium,
            ending: NumberEnding(lastGroups: Set(1...12), minimumDigits: 9)
        ) { national(in: $0) },
        number(
            .phoneNumber, ["999 999 999", "999-999-999", "99999 99999", "99999999999", "9999999999"],
            context: phoneContext, confidence: .low, check: TelephoneNumber.isPlain),
    ]

    private static let completeShapes = [".999.999.9999", "-999-999-9999", "(999) 999-9999", "(999)999-9999"].map {
        Array($0.utf8)
    }
    private static let spacedShapes = [" 999 999 9999", " 999 999-9999", "(999) 999 9999"].map { Array($0.utf8) }
    private static let northAmericanEnding = NumberEnding(lastGroups: [4], minimumDigits: 10)

    private static let phoneRun = Run(.digits + ByteSet("+("), joiners: ByteSet(" ()-./"), maximumJoin: 2)

    private static let phoneContext = Context(
        [
            "phone", "phones", "phonenumber", "telephone", "tel", "mobile", "cell", "cellphone", "fax", "sms",
            "whatsapp",
            "hotline", "handy", "handynummer", "telefon", "telefonnummer", "rufnummer", "mobil", "mobilnummer",
            "telefono",
            "telefone", "portable", "movil", "celular", "cellulare", "numero de tel", "call", "dial", "ring", "reach",
            "text me", "answering", "messages to", "lada", "voicemail", "contact number", "msisdn",
        ], window: 40, isRequired: true)

    /// The longest number that goes on in groups from a start: at most two separators between two of them.
    ///
    /// A number that begins with eight digits in one piece has no groups: what follows it is another number.
    private static func phone(
        in candidate: Candidate, from start: Int, digitsFrom: Int, check: ([UInt8]) -> Bool
    ) -> Range<Int>? {
        var digits: [UInt8] = []
        var longest: Range<Int>?
        var place = digitsFrom
        while digits.count <= 15 {
            var next = place
            while let byte = candidate[next], " ()-./".utf8.contains(byte), next - place < 2 { next += 1 }
            guard candidate[next]?.isDigit == true else { break }
            let end = candidate.end(of: .digits, from: next)
            // `+44 (0)20`: the trunk prefix in brackets is not dialled from abroad.
            let isTrunkPrefix =
                end == next + 1 && candidate[next] == UInt8(ascii: "0") && candidate[next - 1] == UInt8(ascii: "(")
            if !isTrunkPrefix || digits.isEmpty { digits += candidate.text[next..<end] }
            place = end
            if check(digits), candidate.isAlone(start..<end) { longest = start..<end }
            if end - digitsFrom >= 8, next == digitsFrom { break }
        }
        return longest
    }

    /// Ten digits that end at the match, with what stands before them: a bracket, and the country code 1.
    ///
    /// - Parameter shapes: as of `number`; the first byte is what joins the country code, and is no part of the number
    ///   unless it is a bracket.
    private static func northAmerican(in candidate: Candidate, shapes: [[UInt8]]) -> Range<Int>? {
        guard
            let shape = shapes.first(where: { shape in
                candidate.ends(with: shape.first == bracket ? shape[...] : shape.dropFirst())
            })
        else { return nil }
        var start = candidate.matchEnd - shape.count + (shape.first == bracket ? 0 : 1)
        let digits = candidate.text[start..<candidate.matchEnd].filter(\.isDigit)
        let isCountryCode =
            candidate[start - 2] == UInt8(ascii: "1") && candidate[start - 1].map(" -.".utf8.contains) == true
            && candidate[start - 3]?.isWordByte != true
        if isCountryCode { start -= 2 }
        if candidate[start - 1] == UInt8(ascii: "+") { start -= 1 }
        let range = start..<candidate.matchEnd
        return candidate.isAlone(range) && TelephoneNumber.isNorthAmerican(digits) ? range : nil
    }

    private static let bracket = UInt8(ascii: "(")

    /// The longest number with a trunk prefix that ends at the match: 030 1234567, (020) 7946 0958, 0171/1234567.
    private static func national(in candidate: Candidate) -> Range<Int>? {
        var count = 0
        var start = candidate.matchEnd
        var longest: Range<Int>?
        while count <= 12, let byte = candidate[start - 1] {
            if byte.isDigit {
                count += 1
            } else if !" ()-./".utf8.contains(byte) {
                break
            }
            start -= 1
            guard count >= 9, byte == UInt8(ascii: "0"), candidate[start - 1]?.isDigit != true else { continue }
            let range = (candidate[start - 1] == UInt8(ascii: "(") ? start - 1 : start)..<candidate.matchEnd
            guard candidate.isAlone(range) else { continue }
            if TelephoneNumber.isNational(candidate.text[range].filter(\.isDigit)) { longest = range }
        }
        return longest
    }
}
