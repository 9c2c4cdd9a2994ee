import HoopxCore
import Testing

@testable import HoopxConfiguration

/// A pattern's error leads to the character in the file.
@Suite struct CustomDetectorTests {
    @Test(arguments: [
        // Offsets count from 0 in the pattern; columns from 1 in the file.
        ("a(b", 1, "5:17"),
        ("'a(b'", 1, "5:18"),
        ("'it''s(x'", 4, "5:22"),
        ("'é(b'", 1, "5:18"),
    ])
    func theErrorNamesTheColumnWhereItIsCertain(pattern: String, offset: Int, place: String) throws {
        let error = try detector(pattern).error("there is no closing bracket", at: offset)
        #expect(
            error.found
                == "/etc/test/c.yaml:\(place): masking.detectors, X: there is no closing bracket, at character "
                + "\(offset + 1) of the pattern")
    }

    @Test(arguments: [
        // Escapes are longer in the file.
        ("\"a\\u0028b\"", 1),
        // Folded lines.
        ("'a\n        (b'", 2),
        ("|\n        a(b", 1),
    ])
    func elsewhereItNamesWhereThePatternBegins(pattern: String, offset: Int) throws {
        #expect(try detector(pattern).error("no", at: offset).found.hasPrefix("/etc/test/c.yaml:5:16: "))
    }

    @Test func anErrorOfTheWholePatternHasNoOffset() throws {
        #expect(
            try detector("a").error("it is too large").found
                == "/etc/test/c.yaml:5:16: masking.detectors, X: it is too large")
    }

    @Test func anOffsetOutsideOfThePatternIsHarmless() throws {
        #expect(try detector("ab").error("no", at: 9).found.hasPrefix("/etc/test/c.yaml:5:16: "))
        #expect(try detector("ab").error("no", at: 2).found.hasPrefix("/etc/test/c.yaml:5:16: "))
    }

    private func detector(_ pattern: String) throws -> CustomDetector {
        let text = "version: 1\nmasking:\n  detectors:\n    - name: X\n      pattern: \(pattern)\n"
        guard let detector = try parse(text).masking.detectors.first else { throw NoDetector() }
        return detector
    }

    private struct NoDetector: Error {}
}
