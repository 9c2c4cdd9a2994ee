import HoopxCore
import Testing

@testable import HoopxConfiguration

@Suite struct AuditReaderTests {
    @Test(arguments: [
        "", "audit:\n", "audit: {}\n", "audit: {exec: on}\n", "audit: {exec: true}\n", "audit: {exec: \"on\"}\n",
    ])
    func executionsAreRecordedUnlessTurnedOff(text: String) throws {
        #expect(try parse("version: 1\n" + text).audit.recordsExecutions)
    }

    @Test(arguments: ["off", "false", "'off'"]) func executionsCanBeTurnedOff(word: String) throws {
        #expect(try !parse("version: 1\naudit: {exec: \(word)}\n").audit.recordsExecutions)
    }

    @Test(arguments: [
        ("exec: maybe", "2:15: expected one of on, off, true, false for audit.exec, not maybe"),
        ("exec: ", "2:15: expected audit.exec, a text"),
        ("exce: off", "2:9: unknown key exce in audit"),
    ])
    func aWrongWordIsRefused(text: String, found: String) {
        #expect(refused("version: 1\naudit: {\(text)}\n")?.found == found)
    }
}
