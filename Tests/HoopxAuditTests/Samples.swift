import HoopxCore
import HoopxTestSupport
import Testing

@testable import HoopxAudit

/// Values that tests record.
enum Sample {
    static func session(
        _ name: String = "20261123-k3f9x2ab", startedAt: Int64 = 1_795_396_827_125_000,
        supervisor: SupervisorProcess? = nil, principal: Principal = .localUser(name: "ada", uid: 1000)
    ) throws -> SessionRecord {
        SessionRecord(
            id: try #require(SessionID(name)), principal: principal,
            arguments: RecordedArguments(["claude", "-p", "say \"hi\"\n\u{1b}[2J\u{fc}\\"]),
            workingDirectory: "/home/ada/work",
            program: SessionRecord.Program(path: "/usr/bin/claude", sha256: String(repeating: "0f", count: 32)),
            supervisor: try supervisor ?? .current(), startedAt: Timestamp(microseconds: startedAt))
    }

    static func connection(_ number: Int64, verdict: ConnectionRecord.Verdict = .connection(name: "claude")) throws
        -> ConnectionRecord
    {
        ConnectionRecord(
            number: number, destination: .host(try destination("api.anthropic.com")), pid: 4711, command: "claude",
            openedAt: Timestamp(microseconds: 1_795_396_827_200_000), verdict: verdict)
    }

    /// To a Unix socket.
    static func direct(_ number: Int64, path: String = "/run/docker.sock", count: Int64 = 1) -> ConnectionRecord {
        ConnectionRecord(
            number: number, destination: .unixSocket(path: path), pid: count == 1 ? 4711 : nil,
            command: count == 1 ? "docker" : nil, openedAt: Timestamp(microseconds: 1_795_396_827_200_000),
            verdict: .direct(rule: "egress.unix"), count: count)
    }

    static func destination(_ host: String) throws -> Destination {
        Destination(host: try #require(Destination.Host(host)), port: 443)
    }

    static func request(_ number: Int64) -> RequestRecord {
        RequestRecord(
            number: number, connectionNumber: 1, connectionName: "claude", method: "POST",
            path: RecordedPath(requestTarget: "/v1/messages?beta=true"),
            startedAt: Timestamp(microseconds: 1_795_396_827_300_000), credential: .injected)
    }

    /// The same with its end.
    static func ended(_ number: Int64) -> RequestRecord {
        var record = request(number)
        (record.status, record.duration, record.firstByteAfter) = (200, 900, 100)
        (record.requestBytes, record.responseBytes) = (3, 5)
        return record
    }

    /// A principal of which everything is known, in letters that JSON and SQL would take for their own.
    static let verifiedUser = Principal(
        kind: .user, name: "ada@example.com", subject: "00u1-\"ada\"", issuer: "https://idp.example.com/tenant",
        email: "ada@example.com", groups: ["agents", "it's \"quoted\"\n\u{fc}\\", ""],
        claims: ["repository": "example/app", "run_id": "12", "a\"b": "c'd"],
        verification: Principal.Verification(
            method: .deviceAuthorization, algorithm: "ES256", keyID: "key-1",
            issuedAt: Timestamp(microseconds: 1_795_396_800_000_000),
            expiresAt: Timestamp(microseconds: 1_795_400_400_000_000)))

    static func lease(_ number: Int64, ending: LeaseRecord.Ending? = nil) -> LeaseRecord {
        LeaseRecord(
            number: number, id: "lease-00000000000000\(10 + number)", connectionName: "claude",
            source: "the command /usr/local/bin/token", issuedAt: Timestamp(microseconds: 1_795_396_827_350_000),
            expiresAt: Timestamp(microseconds: 1_795_400_427_350_000), renewalCount: number,
            endedAt: ending.map { _ in Timestamp(microseconds: 1_795_400_400_000_000) }, ending: ending)
    }

    static func execution(_ number: Int64, _ words: [String] = ["ls", "-l"]) -> ExecutionRecord {
        ExecutionRecord(
            number: number, pid: 4712, parentPID: 4711, executedAt: Timestamp(microseconds: 1_795_396_827_400_000),
            path: "/usr/bin/ls", arguments: RecordedArguments(words), isTruncated: false)
    }

    static func denial(
        _ subject: String = "a connection to example.com:443", hint: String = "add it to egress.tunnel"
    ) -> Denial {
        Denial(code: .destinationNotAllowed, layer: .egress, rule: "egress.default", subject: subject, hint: hint)
    }
}

/// Runs a test's body with a database in a directory of its own.
func withStore(_ body: (SQLiteAuditStore, _ directory: String) async throws -> Void) async throws {
    let directory = try TemporaryDirectory(owner: .current)
    defer { directory.remove() }
    try await body(try SQLiteAuditStore(directory: directory.path + "/state/hoopx"), directory.path + "/state/hoopx")
}

extension Recorder {
    /// Waits until a request may go on.
    @discardableResult
    func recordBeforeEgress(_ request: RequestRecord) async -> HoopxError? {
        await withCheckedContinuation { continuation in
            recordBeforeEgress(request) { continuation.resume(returning: $0) }
        }
    }
}

extension AuditStore {
    func decodedEvents(of session: SessionID) throws -> [AuditEvent] {
        try events(of: session, after: 0, limit: .max).map { try AuditEvent(payload: $0.payload ?? []) }
    }
}

/// Writes records as a recorder would, so that a test can say what is there.
extension AuditStore {
    func begin(_ session: SessionRecord) throws(HoopxError) {
        try begin(EventBatch(session: session.id, events: [logged(.sessionStart(session), session.id, 1)]))
    }

    func write(_ records: RecordBatch, of session: SessionID) throws(HoopxError) {
        var contents: [AuditEvent.Content] = records.connections.map { .connection($0) }
        contents += records.requests.map { .request($0, RecordedBodies()) }
        contents += records.leases.map { .credential($0) }
        contents += records.denials.map { .egressDenied($0) }
        contents += records.executions.map { .execution($0) }
        contents += records.toolUses.map { .toolUse($0) }
        contents += records.maskings.map { .masked($0) }
        if let counts = records.executionCounts { contents.append(.executionCounts(counts)) }
        try write(contents, of: session)
    }

    func end(_ session: SessionID, _ ending: SessionEnding, at time: Timestamp?) throws(HoopxError) {
        try write([.sessionEnd(SessionEndRecord(ending, at: time))], of: session)
    }

    func write(_ contents: [AuditEvent.Content], of session: SessionID) throws(HoopxError) {
        let last = try events(of: session, after: 0, limit: .max).last?.sequence ?? 0
        let events = contents.enumerated().map { logged($1, session, last + 1 + Int64($0)) }
        try write(EventBatch(session: session, events: events))
    }

    private func logged(_ content: AuditEvent.Content, _ session: SessionID, _ sequence: Int64) -> LoggedEvent {
        LoggedEvent(
            AuditEvent(
                session: session, sequence: sequence, moment: .now(),
                principal: EventPrincipal(.localUser(name: "ada", uid: 1000)), content: content))
    }
}
