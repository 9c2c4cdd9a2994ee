import Testing

@testable import HoopxMasking

@Suite struct ReplacementsTests {
    private let card = EntityType(rawValue: "CREDIT_CARD")

    private func replaced(
        _ value: String, by masking: MaskingOperator, in session: Replacements, as entity: String = "CREDIT_CARD"
    ) -> String? {
        let bytes = Array(value.utf8)
        return session.replacement(for: EntityType(rawValue: entity), by: masking, spelling: bytes, value: bytes)
            .map { String(decoding: $0, as: UTF8.self) }
    }

    @Test func redactIsTheEntitysName() {
        #expect(replaced("4111111111111111", by: .redact, in: Replacements()) == "[CREDIT_CARD]")
    }

    @Test func maskShowsTheLastFourLettersAndDigitsOfLongValuesOnly() {
        let session = Replacements()
        #expect(replaced("4111-1111-1111-1234", by: .mask, in: session) == "***************1234")
        #expect(replaced("secret12", by: .mask, in: session) == "********")
        #expect(replaced("secret123", by: .mask, in: session) == "*****t123")
        #expect(replaced("secretsecret\"\\\n4", by: .mask, in: session) == "***************4")
        #expect(replaced("pässwörd-ä☃4", by: .mask, in: session) == "***********4")
    }

    @Test func aHashIsTheSameInASessionAndAnotherInTheNext() throws {
        let session = Replacements()
        let first = try #require(replaced("4111111111111111", by: .hash, in: session))
        #expect(first.wholeMatch(of: /\[CREDIT_CARD:[0-9a-f]{16}\]/) != nil)
        #expect(replaced("4111111111111111", by: .hash, in: session) == first)
        #expect(replaced("4111111111111112", by: .hash, in: session) != first)
        #expect(replaced("4111111111111111", by: .hash, in: Replacements()) != first)
    }

    @Test func pseudonymsAreNumberedByEntityAndValue() {
        let session = Replacements()
        #expect(replaced("4111 1111 1111 1111", by: .pseudonym, in: session) == "<CREDIT_CARD_1>")
        #expect(replaced("4222222222222222", by: .pseudonym, in: session) == "<CREDIT_CARD_2>")
        #expect(replaced("4111-1111-1111-1111", by: .pseudonym, in: session) == "<CREDIT_CARD_1>")
        #expect(replaced("a@b.example", by: .pseudonym, in: session, as: "EMAIL_ADDRESS") == "<EMAIL_ADDRESS_1>")
        #expect(session.spelling(of: Array("<CREDIT_CARD_1>".utf8)) == Array("4111 1111 1111 1111".utf8))
        #expect(session.spelling(of: Array("<CREDIT_CARD_3>".utf8)) == nil)
    }

    @Test func whatOnlyLooksAlikeHasAPseudonymOfItsOwn() {
        let session = Replacements()
        let values = [
            "1-11-1980", "11-1-1980", "jean-luc", "jeanluc", "1.23.4.5", "12.3.4.5", "+491234567890", "491234567890",
        ]
        let pseudonyms = values.map { replaced($0, by: .pseudonym, in: session) }
        #expect(Set(pseudonyms).count == values.count)
    }

    @Test func whenTheTableIsFullOrAValueTooLongItIsRedacted() {
        let session = Replacements(maximumPseudonyms: 1)
        #expect(replaced("a", by: .pseudonym, in: session) == "<CREDIT_CARD_1>")
        #expect(replaced("b", by: .pseudonym, in: session) == "[CREDIT_CARD]")
        #expect(replaced("a", by: .pseudonym, in: session) == "<CREDIT_CARD_1>")
        #expect(replaced(String(repeating: "x", count: 4097), by: .pseudonym, in: Replacements()) == "[CREDIT_CARD]")
        #expect(replaced("a", by: .pseudonym, in: Replacements(), as: String(repeating: "A", count: 90))?.first == "[")
    }

    @Test(arguments: MaskingOperator.allCases) func aPartOfAValueIsRedactedUnlessItIsKept(_ masking: MaskingOperator) {
        let result = Replacements().replacement(for: card, by: masking, spelling: [0x41], value: [])
        #expect(result == (masking == .keep ? nil : Array("[CREDIT_CARD]".utf8)))
    }

    @Test func aSessionPrintsNothingOfItsValues() {
        let session = Replacements()
        _ = replaced("4111111111111111", by: .pseudonym, in: session)
        var text = "\(session) \(String(reflecting: session))"
        dump(session, to: &text)
        #expect(!text.contains("4111") && !text.contains("52, 49") && !text.contains("CREDIT"))
    }

    @Test func manyThreadsGetTheSameNumbers() async {
        let session = Replacements()
        await withTaskGroup(of: [String?].self) { group in
            for _ in 0..<8 {
                group.addTask { (0..<500).map { self.replaced("value \($0)", by: .pseudonym, in: session) } }
            }
            var results: [[String?]] = []
            for await result in group { results.append(result) }
            #expect(Set(results).count == 1)
            #expect(Set(results[0]).count == 500)
        }
    }

    @Test func pseudonymsTakeUpSoMuchMemoryAndNoMore() {
        let table = PseudonymTable(limit: .max)
        let count = PseudonymTable.maximumSize / PseudonymTable.maximumLength
        func pseudonym(_ number: Int) -> [UInt8]? {
            let digits = Array(String(number).utf8)
            let padding = [UInt8](repeating: 0x78, count: PseudonymTable.maximumLength - digits.count)
            return table.pseudonym(for: digits + padding, of: card)
        }
        for number in 0..<count { #expect(pseudonym(number) != nil) }
        #expect(pseudonym(count) == nil)
        #expect(pseudonym(0) == Array("<CREDIT_CARD_1>".utf8))
    }
}
