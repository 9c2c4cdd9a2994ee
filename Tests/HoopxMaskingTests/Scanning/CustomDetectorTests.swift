import HoopxMasking
import Testing

struct CustomDetectorTests {
    private static let entity = EntityType(rawValue: "CUSTOM")

    private func found(_ detector: Detector, _ text: String) throws -> [String] {
        let scanner = TextScanner(try MaskingEngine([detector]), mode: .text)
        let bytes = Array(text.utf8)
        bytes.withUnsafeBytes { scanner.append($0) }
        scanner.finish()
        return scanner.findings.map { String(decoding: bytes[$0.range], as: UTF8.self) }
    }

    @Test func aPatternFindsWholeMatches() throws {
        let number = try Detector.custom(Self.entity, pattern: "E-[0-9]{6}", context: [])
        #expect(try found(number, "of E-123456 and E-1234567, not E-12345") == ["E-123456", "E-123456"])
        let growing = try Detector.custom(Self.entity, pattern: "\\bproject [a-z]+", context: [])
        #expect(try found(growing, "the project falcon, my project x") == ["project falcon", "project x"])
        let caseless = try Detector.custom(Self.entity, pattern: "(?i)\\bab+c\\b", context: [])
        #expect(try found(caseless, "ABBC xabc abcd aBc") == ["ABBC", "aBc"])
    }

    @Test func aFindingOfAPatternNeverHoldsHalfOfACharacter() throws {
        let any = try Detector.custom(Self.entity, pattern: "x.", context: [])
        #expect(try found(any, "axé xx") == ["xé", "xx"])
    }

    @Test func contextMustStandBeforeAValue() throws {
        let badge = try Detector.custom(Self.entity, pattern: "[0-9]{5}", context: ["badge", "staff number"])
        #expect(try found(badge, "badge 12345") == ["12345"])
        #expect(try found(badge, "the staff_number: 12345") == ["12345"])
        #expect(try found(badge, "about 12345 of them") == [])
    }

    @Test func wordsAreFoundWholeAndInAnyCase() throws {
        let words = try Detector.custom(
            Self.entity, words: ["Falcon", "Blue Falcon Two", "Müller", "c++"], context: [])
        #expect(
            try found(words, "FALCON, falcons; blue falcon two. blue falcon") == [
                "FALCON", "blue falcon two", "falcon",
            ])
        #expect(try found(words, "Müller MÜLLER müllers C++ c+") == ["Müller", "MÜLLER", "C++"])
    }

    @Test func aStreamIsHeldBackForWordsOnlyWhereOneHasBegun() throws {
        let words = try Detector.custom(Self.entity, words: ["Blue Falcon Two"], context: [])
        let scanner = TextScanner(try MaskingEngine([words]), mode: .text)
        func settled(_ text: String) -> Int {
            Array(text.utf8).withUnsafeBytes { scanner.append($0) }
            return scanner.settled
        }
        #expect(settled("the green ") == 10)
        #expect(settled("blue ") == 10)
        #expect(settled("falcon ") == 10)
        #expect(settled("three or four ") == 36)
    }

    @Test func aPatternThatIsNoneFailsWithItsPlace() throws {
        func failure(_ pattern: String) -> CustomDetectorFailure? {
            do throws(CustomDetectorFailure) {
                _ = try Detector.custom(Self.entity, pattern: pattern, context: [])
                return nil
            } catch {
                return error
            }
        }
        #expect(failure("E-(12")?.offset == 2)
        #expect(failure("äE-[12")?.offset == 3)
        #expect(failure("(a)b\\1")?.offset == 5)
        #expect(failure("a*b*")?.found == "it matches the empty text")
        #expect(failure("[a-zä]+")?.offset == 4)
        #expect(failure("a{600}")?.found == "its values are longer than 506 bytes")
        for pattern in ["E-(12", "äE-[12", "(a)b\\1", "a**", "(?<x", "\\", "(?=a)b", "a{3,1}"] {
            let failure = failure(pattern)
            #expect(failure?.found.isEmpty == false, "\(pattern)")
            #expect(failure?.offset != nil, "\(pattern): \(failure?.found ?? "")")
        }
        #expect(throws: CustomDetectorFailure.self) { try Detector.custom(Self.entity, words: ["a", ""], context: []) }
        #expect(throws: CustomDetectorFailure.self) { try Detector.custom(Self.entity, words: [" a"], context: []) }
    }
}
