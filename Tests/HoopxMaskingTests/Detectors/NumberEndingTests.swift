import HoopxMasking
import Testing

struct NumberEndingTests {
    @Test func whatNumbersEndInRefusesOnlyWhatNoDetectorFinds() throws {
        let all = try MaskingEngine(
            Detector.standard.map { detector in
                Detector(
                    detector.entity, detector.expressions, extent: detector.extent, run: detector.run,
                    holds: detector.holds, lookahead: detector.lookahead, context: detector.context,
                    confidence: detector.confidence, recognise: detector.recognise)
            })
        var random = SplitMix(seed: 11)
        let text = Array((0..<20_000).flatMap { _ in Self.part(&random).utf8 })
        let expected = findings(all, text)
        #expect(findings(Found.engine, text) == expected)
        let entities: [EntityType] = [
            .phoneNumber, .usSSN, .usITIN, .abaRouting, .ukNHS, .deTaxID, .inAadhaar, .brCPF, .auTFN, .usPassport,
            .creditCard,
        ]
        for entity in entities { #expect(expected.contains { $0.entity == entity }, "\(entity) is not in the sample") }
    }

    private func findings(_ engine: MaskingEngine, _ text: [UInt8]) -> [Finding] {
        let scanner = TextScanner(engine, mode: .text)
        text.withUnsafeBytes { scanner.append($0) }
        scanner.finish()
        return scanner.findings
    }

    /// A word that says what a number is, or none, and groups of digits in shapes that detectors know, or in any.
    private static func part(_ random: inout SplitMix) -> String {
        let words = [
            "phone", "card", "ssn", "itin", "routing", "nhs", "steuer", "aadhaar", "cpf", "tfn", "passport", "at",
            "and",
        ]
        let shapes = [
            "999-99-9999", "999 99 9999", "999999999", "9999-9999-9", "999 999 9999", "999-999-9999", "9999999999",
            "99 999 999 999", "99999999999", "9999 9999 9999", "999999999999", "999.999.999-99", "999 999 999",
            "A99999999", "99999 99999", "(999) 999-9999", "1.999.999.9999", "09999 999999", "(099) 9999 9999",
            "4999 9999 9999 9999", "4999999999999", "2026-99-99 99:99:99.999999",
        ]
        var shape = shapes.randomElement(using: &random) ?? ""
        if Int.random(in: 0..<4, using: &random) == 0 {
            let groups = (0..<Int.random(in: 1...6, using: &random)).map { _ in
                String(repeating: "9", count: Int.random(in: 1...14, using: &random))
            }
            shape = groups.joined(separator: [" ", "-", ".", "/", " ("].randomElement(using: &random) ?? "")
        }
        let number = shape.map { character in
            character == "9" ? Character(String(Int.random(in: 0...9, using: &random))) : character
        }
        let end = [" ", "\n", ", ", ".", "%", "x", "\""].randomElement(using: &random) ?? ""
        return (words.randomElement(using: &random) ?? "") + " " + String(number) + end
    }
}
