extension Detector {
    /// A date behind a word that says whose birth it is. The expression ends in the date's first token.
    static let dateOfBirth = [
        Detector(
            .dateOfBirth,
            [
                Expression(birthWords + "[^0-9\\n]{0,24}[0-9]", isCaseless: true),
                Expression(birthWords + "[^0-9\\n]{0,24}\\b" + monthStarts, isCaseless: true),
            ],
            extent: .bounded(32),
            run: Run(.alphanumerics + ByteSet(0x80...0xFF), joiners: ByteSet(" .,/-"), maximumJoin: 2),
            holds: .match, lookahead: 34, confidence: .medium
        ) { candidate in
            let word = ByteSet.alphanumerics + ByteSet(0x80...0xFF)
            let start = candidate.extent(of: word, around: candidate.matchEnd - 1).lowerBound
            return WrittenDate.end(in: candidate, from: start).map { start..<$0 }
        }
    ]

    private static let birthWords =
        #"(?:birth|\bborn|\bdob\b|d\.o\.b|geburt|geboren|\bgeb\.|naissance|\bn\xc3\xa9e? le|nacimiento|nacid[oa]|nascita|\bnat[oa] il|nascimento|nascid[oa]|geboorte)"#

    private static let monthStarts = "(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]"
}

/// A full date as people write it: numbers in any order that calendars use, or with a month's name.
enum WrittenDate {
    /// Where a date ends that begins at an offset; nil where none does.
    static func end(in candidate: Detector.Candidate, from start: Int) -> Int? {
        var parts: [Part] = []
        var place = start
        while parts.count < 3 {
            if candidate[place]?.isDigit == true {
                let end = candidate.end(of: .digits, from: place)
                guard end - place <= 8 else { return nil }
                parts.append(
                    Part(
                        value: NationalNumbers.number(candidate.text[place..<end].map(\.self)[...]), length: end - place
                    ))
                // 19850312
                if parts.count == 1, end - place == 8 { return isCompact(parts[0].value) ? alone(candidate, end) : nil }
                place = end
                for ordinal in ["st", "nd", "rd", "th", "er"] where follows(candidate, place, ordinal) { place += 2 }
            } else if let end = monthEnd(candidate, from: place) {
                parts.append(Part(value: 1, length: 0))
                place = end
            } else {
                return nil
            }
            if parts.count < 3 { place = afterSeparator(candidate, place) }
        }
        return isDate(parts) ? alone(candidate, place) : nil
    }

    private struct Part {
        let value: Int
        /// In digits; 0 for a month's name.
        let length: Int

        var isYear: Bool { length == 4 && (1900...2039).contains(value) || length == 2 }
        var isDay: Bool { (1...2).contains(length) && (1...31).contains(value) }
        var isMonth: Bool { length == 0 || isDay && value <= 12 }
    }

    private static func isDate(_ parts: [Part]) -> Bool {
        let (first, second, third) = (parts[0], parts[1], parts[2])
        if first.length == 4 { return first.isYear && second.isMonth && third.isDay }
        return third.isYear && (first.isDay && second.isMonth || first.isMonth && second.isDay)
    }

    private static func isCompact(_ value: Int) -> Bool {
        (1900...2039).contains(value / 10000) && (1...12).contains(value / 100 % 100) && (1...31).contains(value % 100)
    }

    private static func alone(_ candidate: Detector.Candidate, _ end: Int) -> Int? {
        // `1985-03-12T00:00:00Z` is a date too, but not more than one.
        let behind = candidate[end]
        return behind?.isWordByte == true && behind != UInt8(ascii: "T") ? nil : end
    }

    private static func follows(_ candidate: Detector.Candidate, _ place: Int, _ word: String) -> Bool {
        word.utf8.enumerated().allSatisfy { candidate[place + $0.offset]?.lowercase == $0.element }
    }

    /// Behind `. `, `, `, `-`, `/`, ` de ` or ` of `.
    private static func afterSeparator(_ candidate: Detector.Candidate, _ place: Int) -> Int {
        var next = place
        while let byte = candidate[next], " .,/-".utf8.contains(byte), next - place < 2 { next += 1 }
        for word in ["de ", "of ", "do "] where follows(candidate, next, word) { next += word.utf8.count }
        return next
    }

    /// Months of English, German, French, Spanish, Italian and Portuguese, and what they are shortened to: by their first
    /// three letters, which tell them from other words well enough between a day and a year.
    private static func monthEnd(_ candidate: Detector.Candidate, from start: Int) -> Int? {
        let end = candidate.end(of: .letters + ByteSet(0x80...0xFF), from: start)
        guard (3...12).contains(end - start) else { return nil }
        let name = String(decoding: candidate.text[start..<end].map(\.lowercase), as: UTF8.self)
        return months.contains(String(name.prefix(3))) ? end : nil
    }

    private static let months: Set<String> = [
        "jan", "ene", "gen", "feb", "f\u{e9}v", "fev", "mar", "m\u{e4}r", "apr", "avr", "abr", "may", "mai", "mag",
        "jun",
        "jui", "giu", "jul", "lug", "aug", "ao\u{fb}", "ago", "sep", "set", "oct", "okt", "ott", "out", "nov", "dec",
        "dez",
        "dic", "d\u{e9}c",
    ]
}
