import HoopxCore
import HoopxTransparency
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

    @Test func theRecordIsSafeAndWholeWhereNothingIsSaid() throws {
        let audit = try parse("version: 1\n").audit
        #expect(audit.durability == .full)
        #expect(audit.recordsBodies)
        #expect(audit.maximumBody == 16 << 20)
        #expect(audit.checkpointInterval == 1_000)
        #expect(audit.retention == nil)
        #expect(audit.anchors.isEmpty)
    }

    private static let witnessKey = "w.example.com+df7f68e5+BAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f"
    private static let logKey = "w.example.com+63d32f39+AQABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f"

    @Test func everyKeyIsRead() throws {
        let audit = try audit(
            """
              durability: normal
              bodies: off
              max_body: 512KiB
              checkpoint_every: 50
              retention: 90d
              anchors:
                - file: ~/checkpoints
                - directory: published
                - {tsa: http://tsa.example.com/tsr, tsa_ca: /etc/tsa.pem}
                - {witness: https://witness.example.com, key: \(Self.witnessKey)}
            """)
        let expected = AuditConfiguration(
            durability: .normal, recordsBodies: false, maximumBody: 512 << 10, checkpointInterval: 50,
            retention: .seconds(90 * 86_400),
            anchors: [
                .file("/home/ada/checkpoints"), .directory("/etc/test/published"),
                .timestampAuthority(url: "http://tsa.example.com/tsr", authorityFile: "/etc/tsa.pem"),
                .witness(url: "https://witness.example.com", key: try LogVerifier(witness: Self.witnessKey)),
            ])
        #expect(audit == expected)
    }

    @Test(arguments: [("16MiB", 16 << 20), ("1GiB", 1 << 30), ("4096B", 4_096), ("65536", 65_536)])
    func sizesHaveUnits(text: String, bytes: Int) throws {
        #expect(try audit("  max_body: \(text)").maximumBody == bytes)
    }

    @Test func retentionCanBeSaidToBeOff() throws {
        #expect(try audit("  retention: off").retention == nil)
    }

    @Test(arguments: [
        ("exec: maybe", "2:15: expected one of on, off, true, false for audit.exec, not maybe"),
        ("exec: ", "2:15: expected audit.exec, a text"),
        ("exce: off", "2:9: unknown key exce in audit"),
        ("durability: fsync", "2:21: expected one of full, normal for audit.durability, not fsync"),
        ("max_body: 1000", "2:19: expected a size from 1KiB to 1GiB for audit.max_body, not 1000"),
        ("max_body: 16MB", "2:19: expected a size from 1KiB to 1GiB for audit.max_body, not 16MB"),
        ("max_body: 9999999999GiB", "2:19: expected a size from 1KiB to 1GiB for audit.max_body, not 9999999999GiB"),
        ("max_body: -1", "2:19: expected a size from 1KiB to 1GiB for audit.max_body, not -1"),
        ("max_body: MiB", "2:19: expected a size from 1KiB to 1GiB for audit.max_body, not MiB"),
        ("checkpoint_every: 0", "2:27: expected a whole number from 1 to 1000000 for audit.checkpoint_every, not 0"),
        (
            "checkpoint_every: 99999999999999999999",
            "2:27: expected a whole number from 1 to 1000000 for audit.checkpoint_every, not 99999999999999999999"
        ),
        ("retention: ever", "2:20: expected a length of time for audit.retention, not ever"),
        ("retention: 0d", "2:20: expected a length of time for audit.retention, not 0d"),
        ("anchors: [{}]", "2:19: expected one of file, directory, tsa, witness in an item of audit.anchors"),
        (
            "anchors: [{file: a, directory: b}]",
            "2:19: expected one of file, directory, tsa, witness in an item of audit.anchors"
        ),
        ("anchors: [{file: a, tsa_ca: b}]", "2:37: tsa_ca belongs to an anchor with tsa"),
        ("anchors: [{file: a, key: b}]", "2:34: key belongs to an anchor with witness"),
        ("anchors: [{tsa: 'https://a.example'}]", "2:19: expected the key tsa_ca beside tsa"),
        ("anchors: [{witness: 'https://a.example'}]", "2:19: expected the key named key beside witness"),
        ("anchors: [{witness: 'http://a.example', key: k}]", "2:29: expected an https URL for audit.anchors.witness"),
        (
            "anchors: [{witness: 'https://a.example', key: w.example.com+0a1b2c3d+AbCd}]",
            "2:55: expected a witness's key for audit.anchors.key: it is not name+id+key, as in example.com/log+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
        ),
        (
            "anchors: [{witness: 'https://a.example', key: '\(logKey)'}]",
            "2:55: expected a witness's key for audit.anchors.key: it is a log's key, not a witness's, whose algorithm is 4"
        ),
    ])
    func aWrongWordIsRefused(text: String, found: String) {
        #expect(refused("version: 1\naudit: {\(text)}\n")?.found == found)
    }

    @Test func aMistypedWordIsRecognised() {
        #expect(refused("version: 1\naudit: {durability: normla}\n")?.hint == "did you mean normal?")
    }

    private func audit(_ section: String) throws -> AuditConfiguration {
        try parse("version: 1\naudit:\n\(section)\n").audit
    }
}
