import HoopxCore
import HoopxJSON
import Testing

@testable import HoopxAudit

@Suite struct AuditEventTests {
    @Test(arguments: try Sample.contents())
    func anEventReadsBackAsItWasWritten(content: AuditEvent.Content) throws {
        let event = try Sample.event(content)
        #expect(try AuditEvent(payload: event.payload) == event)
    }

    /// What any reader and writer of RFC 8785 makes of it.
    @Test(arguments: try Sample.contents())
    func itsBytesAreCanonical(content: AuditEvent.Content) throws {
        let payload = try Sample.event(content).payload
        let text = String(decoding: payload, as: UTF8.self)
        #expect(CanonicalJSON.bytes(of: try JSONValue(json: payload)) == payload, "\(text)")
    }

    @Test(arguments: try Sample.contents())
    func everyEventSaysWhoseItIsAndWhen(content: AuditEvent.Content) throws {
        let event = try Sample.event(content)
        let json = try JSONValue(json: event.payload)
        #expect(json["schema"] == 1 && json["sequence"] == 7)
        #expect(json["session"]?.string == "20261123-k3f9x2ab")
        #expect(json["kind"]?.string == event.kind.rawValue)
        #expect(json["time"]?.string == "2026-11-23T01:20:27.125000Z")
        #expect(json["monotonic_us"] == 12_345)
        #expect(json["principal"]?["name"]?.string == "ada@example.com")
        #expect(json["principal"]?["verified"] == true)
    }

    @Test func allKindsHaveASample() throws {
        let kinds = Set(try Sample.contents().map { try Sample.event($0).kind })
        #expect(kinds == Set(EventKind.allCases))
    }

    @Test(arguments: [
        ("\"schema\":1", "\"schema\":2"), ("\"kind\":\"request\"", "\"kind\":\"response_\""),
        ("\"kind\":\"request\"", "\"kind\":\"masked\""), ("\"sequence\":7", "\"sequence\":7.5"),
        ("20261123-k3f9x2ab", "20261123-k3f9x2a"), ("\"method\":\"POST\"", "\"method\":1"),
        ("\"time\":\"2026", "\"time\":\"2026-13"), ("\"credential\":\"injected\"", "\"credential\":\"x\""),
    ])
    func whatIsNoEventIsRefused(change: (part: String, replacement: String)) throws {
        let event = try Sample.event(.request(Sample.request(1), RecordedBodies()))
        let text = String(decoding: event.payload, as: UTF8.self)
        #expect(text.contains(change.part))
        let changed = text.replacing(change.part, with: change.replacement)
        #expect(throws: MalformedEvent.self) { try AuditEvent(payload: changed.utf8) }
    }

    @Test func aConnectionToAUnixSocketHasAPathInThePlaceOfHostAndPort() throws {
        let network = try JSONValue(json: try Sample.event(.connection(try Sample.connection(1))).payload)["data"]
        #expect(network?["host"] == "api.anthropic.com" && network?["port"] == 443)
        #expect(network?["path"] == nil && network?["count"] == nil)
        let local = try JSONValue(json: try Sample.event(.connection(Sample.direct(1, count: 7))).payload)["data"]
        #expect(local?["path"] == "/run/docker.sock" && local?["count"] == 7)
        #expect(local?["host"] == nil && local?["port"] == nil)
        #expect(local?["verdict"] == "direct" && local?["rule"] == "egress.unix")
    }

    @Test func aTimeIsWrittenAsAnyReaderReadsIt() {
        var generator = SystemRandomNumberGenerator()
        let random = (0..<2_000).map { _ in
            Int64.random(
                in: Timestamp.earliest.microseconds...Timestamp.latest.microseconds, using: &generator)
        }
        for microseconds in [0, -1, 1, 951_782_399_999_999, 951_782_400_000_000, 4_107_542_400_000_000] + random {
            let time = Timestamp(microseconds: microseconds)
            #expect(Timestamp(rfc3339: time.rfc3339) == time, "\(microseconds): \(time.rfc3339)")
        }
        #expect(Timestamp(microseconds: .max).rfc3339 == "9999-12-31T23:59:59.999999Z")
        #expect(Timestamp(microseconds: .min).rfc3339 == "0001-01-01T00:00:00.000000Z")
    }
}

extension Sample {
    static func event(_ content: AuditEvent.Content, sequence: Int64 = 7) throws -> AuditEvent {
        AuditEvent(
            session: try #require(SessionID("20261123-k3f9x2ab")), sequence: sequence,
            moment: EventMoment(time: Timestamp(microseconds: 1_795_396_827_125_000), monotonic: 12_345),
            principal: EventPrincipal(verifiedUser), content: content)
    }

    /// One or more of each kind, with all that they can hold and with as little as they can.
    static func contents() throws -> [AuditEvent.Content] {
        let body = RecordedBody(length: 3, sha256: String(repeating: "0f", count: 32), truncation: nil)
        let cut = RecordedBody(length: 0, sha256: String(repeating: "f0", count: 32), truncation: .limit)
        var known = try session(principal: verifiedUser)
        known.datagramTier = "namespace"
        var answered = request(2)
        (answered.status, answered.responseBytes, answered.requestBytes) = (200, 1 << 40, 17)
        (answered.firstByteAfter, answered.duration, answered.lease) = (5, 9, "lease-1")
        (answered.operation, answered.model) = ("messages.create", "claude-\u{10348}\u{e000}")
        (answered.upstreamRequestID, answered.stopReason) = ("req_1", "tool_use")
        answered.usage = TokenUsage(input: 1, output: .max, cacheCreation: -1, cacheRead: 4)
        var refused = request(3)
        (refused.denial, refused.credential, refused.clientToken) = (.foreignCredential, .refused, "0011")
        var closed = try connection(2, verdict: .denied(.nameMismatch))
        (closed.duration, closed.bytesSent) = (12, 1)
        return [
            .sessionStart(try session()), .sessionStart(known),
            .sessionEnd(SessionEndRecord(.exited(status: 3), at: Timestamp(microseconds: 1))),
            .sessionEnd(SessionEndRecord(.interrupted, at: nil)),
            .connection(try connection(1)), .connection(closed),
            .connection(
                ConnectionRecord(
                    number: 3, destination: .host(try destination("2001:db8::1")), pid: nil, command: nil,
                    openedAt: Timestamp(microseconds: 4), verdict: .tunnel(rule: "*.example.com:443"))),
            .connection(direct(4)), .connection(direct(5, path: "/run/\"\n\u{fc}", count: 1 << 40)),
            .egressDenied(
                DenialRecord(
                    denial: denial("\"\n\u{1b}[2J\u{fc}"), count: 3, firstAt: Timestamp(microseconds: 1),
                    lastAt: Timestamp(microseconds: 9))),
            .request(request(1), RecordedBodies()), .request(refused, RecordedBodies(request: body)),
            .response(answered.outcome, RecordedBodies(request: cut, response: body)),
            .response(refused.outcome, RecordedBodies()),
            .toolUse(
                ToolUseRecord(
                    request: 1, id: "toolu_1", name: "Bash", input: #"{"command":"ls"}"#,
                    usedAt: Timestamp(microseconds: 5))),
            .decision(DecisionRecord(denial(), ofRequest: 3)),
            .masked(MaskingRecord(request: 1, place: .request, counts: ["EMAIL_ADDRESS": 2, "US_SSN": 1])),
            .masked(MaskingRecord(request: nil, place: .record, counts: ["IBAN_CODE": 2])),
            .credential(lease(1)), .credential(lease(0)), .credential(lease(2, ending: .revocationFailed)),
            .execution(execution(1)),
            .execution(
                ExecutionRecord(
                    number: 3, pid: nil, parentPID: nil, executedAt: Timestamp(microseconds: 3), path: nil,
                    arguments: RecordedArguments([]), isTruncated: true)),
            .executionCounts(ExecutionCounts(recorded: 2, unrecorded: 1, missed: 7)),
            .terminal(TerminalRecord(columns: 80, rows: 24, duration: 5, body: cut)),
            .error(ErrorRecord(doing: "a", found: "b", hint: nil)),
            .error(ErrorRecord(doing: "", found: "", hint: "c")),
            .logKey(LogKeyRecord(key: "a", previous: nil)), .logKey(LogKeyRecord(key: "a", previous: "b")),
            .retention(
                RetentionRecord(
                    before: Timestamp(microseconds: 8), sessions: [try session().id], eventCount: 5, bodyCount: 2)),
            .legalHold(LegalHoldRecord(session: try session().id, isHeld: true, reason: "case 1")),
            .legalHold(LegalHoldRecord(session: try session().id, isHeld: false, reason: nil)),
            .logKey(LogKeyRecord(key: "a", previous: nil)), .logKey(LogKeyRecord(key: "b", previous: "a")),
        ]
    }
}
