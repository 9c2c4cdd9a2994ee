/// Why a detector of the configuration cannot be made.
public struct CustomDetectorFailure: Error, Hashable, Sendable {
    public let found: String
    /// Where in the pattern, in Unicode scalars from 0; nil where that is not known.
    public let offset: Int?
}

extension Detector {
    /// A detector of a regular expression of the configuration.
    ///
    /// Its values are 1 to 512 bytes long. What of a stream's end is made of nothing but what a value can be made of is
    /// held back, as far as the longest value: an expression with `.` holds back more than one with digits alone.
    ///
    /// - Parameters:
    ///   - pattern: as pcrepattern(3), without what needs backtracking; it is matched against bytes.
    ///   - context: words of which one must stand before a value; empty where none must.
    /// - Throws: where it is no expression that can be matched so.
    public static func custom(
        _ entity: EntityType, pattern: String, context: [String]
    ) throws(CustomDetectorFailure) -> Detector {
        let finder = try StartFinder(pattern)
        let alphabet = PatternAlphabet(pattern)
        if let offset = alphabet.wideSetOffset {
            throw CustomDetectorFailure(
                found: "a set in brackets holds characters that are not ASCII; write them as alternatives: (?:ä|ö)",
                offset: offset)
        }
        return Detector(
            entity, [Expression(pattern)], extent: .bounded(finder.maximumLength), run: Run(alphabet.bytes),
            lookahead: 3,
            context: context.isEmpty ? nil : Context(context, isRequired: true), confidence: .medium
        ) { candidate in
            guard var start = finder.start(of: candidate) else { return nil }
            var end = candidate.matchEnd
            // Never half of a character.
            while let byte = candidate[end], byte & 0xC0 == 0x80 { end += 1 }
            while start > 0, candidate.text[start] & 0xC0 == 0x80 { start -= 1 }
            return start..<end
        }
    }

    /// A detector of words of the configuration, in any case (of ASCII), where no letter or digit goes on.
    ///
    /// - Throws: where a word is empty, too long, or begins with what separates words.
    public static func custom(
        _ entity: EntityType, words: [String], context: [String]
    ) throws(CustomDetectorFailure) -> Detector {
        let list = try WordList(words)
        return Detector(
            entity, list.expressions, extent: .bounded(list.longest), run: Run(.all), holds: .match,
            lookahead: list.lookahead, context: context.isEmpty ? nil : Context(context, isRequired: true),
            confidence: .medium
        ) { candidate in list.match(candidate) }
    }
}
