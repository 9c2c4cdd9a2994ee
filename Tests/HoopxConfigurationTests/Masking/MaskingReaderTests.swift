import HoopxCore
import Testing

@testable import HoopxConfiguration

@Suite struct MaskingReaderTests {
    @Test(arguments: ["", "masking:\n", "masking: {}\n", "masking: {request: off, response: off}\n"])
    func theRecordIsRedactedAndNothingElseWhereNothingIsSaid(text: String) throws {
        #expect(try parse("version: 1\n" + text).masking == MaskingConfiguration())
        #expect(MaskingConfiguration().record == .redact)
    }

    @Test func everyKeyIsRead() throws {
        let masking = try masking(
            """
              record: hash
              request: pseudonym
              response: mask
              entities: {EMAIL_ADDRESS: mask, IP_ADDRESS: keep, PERSON_ID: pseudonym}
              detectors:
                - name: PERSON_ID
                  pattern: 'P-[0-9]{6}'
                  context: [employee, staff]
                - name: PROJECT
                  words: [Blue Heron, Osprey]
              allow: [support@example.com]
            """)
        #expect(masking.record == .hash)
        #expect(masking.request == .pseudonym)
        #expect(masking.response == .mask)
        #expect(masking.entities.map(\.entity) == ["EMAIL_ADDRESS", "IP_ADDRESS", "PERSON_ID"])
        #expect(masking.entities.map(\.operator) == [.mask, .keep, .pseudonym])
        #expect(masking.detectors.map(\.name) == ["PERSON_ID", "PROJECT"])
        #expect(masking.detectors.map(\.subject) == [.pattern("P-[0-9]{6}"), .words(["Blue Heron", "Osprey"])])
        #expect(masking.detectors.map(\.context) == [["employee", "staff"], []])
        #expect(masking.allowed == ["support@example.com"])
    }

    @Test(arguments: [
        ("record: off", "2:19: the record is always masked: masking.record is redact, mask or hash"),
        ("record: keep", "2:19: the record is always masked: masking.record is redact, mask or hash"),
        ("record: pseudonym", "2:19: expected one of redact, mask, hash for masking.record, not pseudonym"),
        ("request: keep", "2:20: expected one of off, redact, mask, hash, pseudonym for masking.request, not keep"),
        (
            "response: pseudonym",
            "2:21: pseudonyms are for masking.request: responses are where their values are put back"
        ),
        ("response: ", "2:21: expected masking.response, a text"),
        ("responses: mask", "2:11: unknown key responses in masking"),
        (
            "entities: {CREDIT_CARD: hide}",
            "2:35: expected one of redact, mask, hash, pseudonym, keep for masking.entities.CREDIT_CARD, not hide"
        ),
        (
            "entities: {credit_card: mask}",
            "2:35: expected an entity's name for masking.entities.credit_card, not credit_card"
        ),
        ("entities: {CREDIT_CARD: pseudonym}", "2:35: pseudonyms are for requests, and masking.request is off"),
        ("entities: [CREDIT_CARD]", "2:21: expected masking.entities, a mapping of keys to values"),
        ("detectors: [{pattern: a}]", "2:23: expected the key name in masking.detectors"),
        ("detectors: [{name: X}]", "2:23: expected the key pattern or words in masking.detectors"),
        ("detectors: [{name: 9X, words: [a]}]", "2:30: expected an entity's name for masking.detectors.name, not 9X"),
        ("detectors: [{name: É, words: [a]}]", "2:30: expected an entity's name for masking.detectors.name, not É"),
        ("detectors: [{name: X, words: []}]", "2:40: expected at least one word in masking.detectors.words"),
        ("detectors: [{name: X, words: [' ']}]", "2:41: expected a word in masking.detectors.words"),
        (
            "detectors: [{name: X, words: [a], pattern: b}]",
            "2:40: a detector has a pattern or words, not both"
        ),
        ("allow: a@example.com", "2:18: expected masking.allow, a list"),
    ])
    func whatMakesNoSenseIsRefused(text: String, found: String) {
        #expect(refused("version: 1\nmasking: {\(text)}\n")?.found == found)
    }

    @Test func aMistypedOperatorIsRecognised() {
        #expect(refused("version: 1\nmasking: {record: redcat}\n")?.hint == "did you mean redact?")
    }

    @Test func anEntityThatNoDetectorFindsIsRefusedWithItsPlace() throws {
        let masking = try masking("  entities:\n    EMAIL_ADDRESS: mask\n    CREDIT_CRAD: mask")
        let error = #expect(throws: HoopxError.self) { try masking.requireEntities(of: Self.standard) }
        #expect(error?.found == "/etc/test/c.yaml:5:18: no detector finds CREDIT_CRAD")
        #expect(error?.hint == "did you mean CREDIT_CARD?")
    }

    @Test func anEntityOfTheConfigurationsOwnDetectorsIsKnown() throws {
        let masking = try masking("  entities: {STAFF: mask}\n  detectors: [{name: STAFF, words: [a]}]")
        try masking.requireEntities(of: Self.standard)
    }

    private static let standard = ["CREDIT_CARD", "EMAIL_ADDRESS"]

    private func masking(_ section: String) throws -> MaskingConfiguration {
        try parse("version: 1\nmasking:\n\(section)\n").masking
    }
}
