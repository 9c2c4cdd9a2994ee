import Foundation
import HoopxCore
import HoopxTestSupport
import Testing

@testable import HoopxAudit

@Suite struct RecordMaskTests {
    /// What the target can put into the record in one way or another.
    private static let planted = "planted-4111111111111111"

    @Test func aDenialSaysWhichAddressWasWanted() throws {
        var masking = RecordMasking { $0.isEmpty ? $0 : "[MASKED]" }
        let denial = Denial(
            code: .destinationNotAllowed, layer: .egress, rule: "egress.default",
            subject: "a connection to 203.0.113.7:443", hint: "add \"[2001:db8::1]:443\" to egress.tunnel")
        let masked = masking.masked(denial)
        #expect(masked.subject == "[MASKED] 203.0.113.7:443")
        #expect(masked.hint == "[MASKED] \"[2001:db8::1]:443\" [MASKED]")
        // What only looks like one is masked.
        let named = Denial(
            code: .nameNotAllowed, layer: .egress, rule: "egress.default", subject: "4111111111111111.example.com:443",
            hint: "1.2.3.4.5 or 203.0.113.7x")
        #expect(masking.masked(named).subject == "[MASKED]" && masking.masked(named).hint == "[MASKED]")
    }

    @Test func nothingUnmaskedIsInAnyFile() async throws {
        try await withStore { store, directory in
            let planted = Self.planted
            let sample = try Sample.session()
            let session = SessionRecord(
                id: sample.id, principal: sample.principal, arguments: RecordedArguments(["x", planted]),
                workingDirectory: "/home/\(planted)", program: .init(path: "/bin/\(planted)", sha256: nil),
                supervisor: sample.supervisor, startedAt: sample.startedAt)
            let recorder = try Recorder(beginning: session, in: store) { $0.replacing(planted, with: "[CREDIT_CARD]") }
            recorder.record(
                ConnectionRecord(
                    number: recorder.nextConnectionNumber(),
                    destination: .host(try Sample.destination("\(planted).example.com")), pid: 1, command: planted,
                    openedAt: .now(), verdict: .connection(name: "claude")))
            recorder.recordDirect(
                to: .unixSocket(path: "/run/\(planted)"), rule: "egress.unix", pid: 1, command: planted)
            var request = RequestRecord(
                number: 1, connectionNumber: 1, connectionName: "claude", method: planted,
                path: RecordedPath(requestTarget: "/\(planted)"), startedAt: .now(), credential: .injected,
                operation: planted, model: planted)
            await recorder.recordBeforeEgress(request)
            (request.upstreamRequestID, request.stopReason, request.duration) = (planted, planted, 1)
            recorder.record(request)
            let denial = Denial(
                code: .destinationNotAllowed, layer: .egress, rule: "egress.default", subject: "to \(planted)",
                hint: "add \(planted)")
            recorder.record(denial)
            recorder.record(denial, ofRequest: 1)
            recorder.record(
                LeaseRecord(
                    number: 1, id: "l", connectionName: "claude", source: "the file \(planted)", issuedAt: .now()))
            recorder.recordExecution(size: 1) {
                ExecutionRecord(
                    number: 1, pid: 1, parentPID: 1, executedAt: .now(), path: "/bin/\(planted)",
                    arguments: RecordedArguments(["a", planted]), isTruncated: false)
            }
            recorder.record(ToolUseRecord(request: 1, id: planted, name: planted, input: "{\"a\":\"\(planted)\"}"))
            recorder.record(HoopxError(.startup, doing: planted, found: planted, hint: planted))
            try recorder.close(.exited(status: 0))

            let contents = try store.contents(of: recorder.session)
            #expect(
                contents.connections.map(\.destination.description) == [
                    "credit_card.example.com:443", "/run/[CREDIT_CARD]",
                ])
            #expect(contents.requests.first?.path.description == "/[CREDIT_CARD]")
            #expect(contents.denials.first?.denial.subject == "to [CREDIT_CARD]")
            #expect(contents.denials.first?.count == 2)
            #expect(contents.toolUses.first?.input == "{\"a\":\"[CREDIT_CARD]\"}")
            #expect(contents.executions.first?.arguments.words == ["a", "[CREDIT_CARD]"])
            try expectSoundLog(store)
            for name in ["audit.sqlite", "audit.sqlite-wal"] {
                let bytes = try bytes(of: directory + "/" + name)
                #expect(bytes.firstRange(of: Array(planted.utf8)) == nil, "\(name)")
                #expect(!bytes.isEmpty)
            }
        }
    }

    /// They cannot be told apart any more.
    @Test func denialsThatAreOneOnceTheyAreMaskedAreCountedTogether() async throws {
        try await withStore { store, _ in
            let recorder = try Recorder(beginning: try Sample.session(), in: store) { _ in "*" }
            for number in 0..<3 { recorder.record(Sample.denial("to \(number)")) }
            try recorder.flush()
            recorder.record(Sample.denial("to 1"))
            try recorder.flush()
            #expect(try store.contents(of: recorder.session).denials.map(\.count) == [4])
        }
    }

    @Test func aDenialThatGoesOnDoesNotFillTheLog() {
        var ledger = DenialLedger()
        var told = 0
        let start: Int64 = 1_795_396_827_000_000
        for second in 0..<Int64(86_400) {
            let now = Timestamp(microseconds: start + second * 1_000_000)
            let record = DenialRecord(
                denial: Sample.denial(), count: second + 1, firstAt: Timestamp(microseconds: start), lastAt: now)
            ledger.add(record, masked: record.denial)
            told += ledger.takeDue(at: now, all: false).count
        }
        #expect((10...200).contains(told), "\(told)")
        #expect(ledger.takeDue(at: Timestamp(microseconds: start), all: true).map(\.count) == [86_400])
        #expect(!ledger.hasUntold)
    }

    private func bytes(of path: String) throws -> [UInt8] {
        let file = try #require(FileHandle(forReadingAtPath: path))
        return Array(file.readDataToEndOfFile())
    }
}
