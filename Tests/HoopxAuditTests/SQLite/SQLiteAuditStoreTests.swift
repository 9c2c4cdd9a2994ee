import GRDB
import Glibc
import HoopxCore
import HoopxTestSupport
import Testing

@testable import HoopxAudit

@Suite struct SQLiteAuditStoreTests {
    @Test func everythingReadsBackAsItWasRecorded() async throws {
        try await withStore { store, _ in
            let session = try Sample.session()
            try store.begin(session)
            var tunnel = try Sample.connection(2, verdict: .tunnel(rule: "*.debian.org:443"))
            (tunnel.bytesSent, tunnel.bytesReceived, tunnel.duration) = (1, 1 << 40, 12_345)
            var denied = Sample.request(2)
            (denied.denial, denied.status, denied.credential) = (.foreignCredential, 403, .refused)
            (denied.requestBytes, denied.responseBytes) = (17, 230)
            (denied.firstByteAfter, denied.duration) = (5, 9)
            let plain = RequestRecord(
                number: 3, connectionNumber: 2, connectionName: nil, method: "GET",
                path: RecordedPath(requestTarget: "/"),
                startedAt: Timestamp(microseconds: 1), credential: .unused)
            var batch = RecordBatch()
            batch.connections = [
                try Sample.connection(1), tunnel, try Sample.connection(3, verdict: .denied(.nameMismatch)),
                ConnectionRecord(
                    number: 4, destination: .host(try Sample.destination("2001:db8::1")), pid: nil, command: nil,
                    openedAt: Timestamp(microseconds: 4), verdict: .connection(name: "x")),
                Sample.direct(5), Sample.direct(6, count: 7),
            ]
            var injected = Sample.request(1)
            injected.lease = Sample.lease(1).id
            var clients = Sample.request(4)
            (clients.credential, clients.clientToken) = (.clientToken, "00112233445566ff")
            batch.requests = [injected, denied, plain, clients]
            batch.leases = [
                Sample.lease(1), Sample.lease(2, ending: .replaced), Sample.lease(3, ending: .expired),
                Sample.lease(4, ending: .revoked), Sample.lease(5, ending: .revocationFailed),
                LeaseRecord(
                    number: 6, id: "lease-0", connectionName: "x", source: "the environment variable X",
                    issuedAt: Timestamp(microseconds: 6)),
            ]
            batch.denials = [
                DenialRecord(
                    denial: Sample.denial(), count: 3, firstAt: Timestamp(microseconds: 1),
                    lastAt: Timestamp(microseconds: 9))
            ]
            batch.executions = [
                Sample.execution(1, ["sh", "-c", "echo \"\u{fffd}\"\n"]),
                ExecutionRecord(
                    number: 3, pid: nil, parentPID: nil, executedAt: Timestamp(microseconds: 3), path: nil,
                    arguments: RecordedArguments([]), isTruncated: true),
            ]
            batch.executionCounts = ExecutionCounts(recorded: 2, unrecorded: 1, missed: 7)
            try store.write(batch, of: session.id)
            #expect(try store.contents(of: session.id) == batch)
            let summary = try #require(try store.sessions(limit: 1).first)
            #expect(summary == SessionSummary(record: session, connectionCount: 12, requestCount: 4, denialCount: 3))
        }
    }

    /// Another process may have brought the database up to date meanwhile: steps only add.
    @Test func aRunThatGoesOnWhileANewerHoopxAddsColumnsIsRecordedToItsEnd() async throws {
        try await withStore { store, directory in
            let session = try Sample.session(principal: Sample.verifiedUser)
            let recorder = try Recorder(beginning: session, in: store)
            let newer = try DatabaseQueue(path: directory + "/audit.sqlite")
            try newer.write { database in
                let tables = try String.fetchAll(database, sql: "SELECT name FROM sqlite_schema WHERE type = 'table'")
                #expect(tables.count > 15)
                for table in tables {
                    try database.execute(sql: "ALTER TABLE \(table) ADD COLUMN later TEXT NOT NULL DEFAULT ''")
                }
                try database.execute(sql: "PRAGMA user_version = 99")
            }
            try newer.close()

            recorder.record(try Sample.connection(recorder.nextConnectionNumber()))
            recorder.recordDirect(to: .unixSocket(path: "/run/x"), rule: "egress.unix", pid: 1, command: "x")
            let body = recorder.body(of: 1, .request)
            body.append(Array(String(repeating: "what a model is asked ", count: 4_000).utf8), at: 1)
            body.finish()
            recorder.record(Sample.request(1))
            recorder.record(Sample.ended(1))
            recorder.record(Sample.denial())
            recorder.record(Sample.lease(1))
            recorder.record(ToolUseRecord(request: 1, id: "t", name: "n", input: "{}"))
            recorder.record(MaskingRecord(request: 1, place: .request, counts: ["IBAN_CODE": 1]))
            recorder.recordExecution(size: 1) { Sample.execution(1) }
            let terminal = recorder.terminalRecording(columns: 80, rows: 24)
            terminal.append([1], at: 1)
            terminal.finish()
            recorder.record(datagramTier: "x")
            try recorder.close(.exited(status: 0))
            #expect(
                try store.record(
                    LegalHoldRecord(session: session.id, isHeld: true, reason: nil), for: session.principal))
            let size = try #require(try store.signCheckpoint()).checkpoint.size
            try store.record(AnchorRecord(size: size, kind: .file, place: "/x", time: Timestamp(microseconds: 1)))

            let contents = try store.contents(of: session.id)
            #expect(contents.connections.count == 2 && contents.requests == [Sample.ended(1)])
            #expect(contents.denials.count == 1 && contents.leases == [Sample.lease(1)])
            #expect(contents.toolUses.count == 1 && contents.maskings.count == 1)
            #expect(contents.executions == [Sample.execution(1)] && contents.executionCounts?.recorded == 1)
            #expect(contents.terminal?.columns == 80)
            #expect(try store.body(BodyKey(request: 1, direction: .request), of: session.id)?.bytes.count == 88_000)
            let summary = try #require(try store.sessions(limit: 1).first)
            #expect(summary.record.ending == .exited(status: 0) && summary.record.datagramTier == "x")
            #expect((summary.connectionCount, summary.requestCount, summary.denialCount) == (2, 1, 1))
            try expectSoundLog(store)
        }
    }

    @Test func aRequestReadsBackAsItEnded() async throws {
        try await withStore { store, _ in
            let session = try Sample.session()
            try store.begin(session)
            try store.write([.request(Sample.request(1), RecordedBodies())], of: session.id)
            var ended = Sample.ended(1)
            (ended.operation, ended.model, ended.denial) = ("messages.create", "claude", .upstreamFailed)
            (ended.credential, ended.lease, ended.clientToken) = (.clientToken, "lease", "0011")
            (ended.upstreamRequestID, ended.stopReason) = ("req_1", "end_turn")
            ended.usage = TokenUsage(input: 1, output: 2, cacheCreation: 3, cacheRead: 4)
            try store.write([.response(ended.outcome, RecordedBodies())], of: session.id)
            #expect(try store.contents(of: session.id).requests == [ended])
        }
    }

    @Test func anEventThatIsThereIsNotWrittenAgainNorReplaced() async throws {
        try await withStore { store, _ in
            let session = try Sample.session()
            try store.begin(session)
            func batch(_ number: Int64, _ sequence: Int64) throws -> EventBatch {
                let content = AuditEvent.Content.request(Sample.request(number), RecordedBodies())
                return EventBatch(
                    session: session.id, events: [LoggedEvent(try Sample.event(content, sequence: sequence))])
            }
            for _ in 0..<2 { try store.write(try batch(1, 2)) }
            #expect(throws: HoopxError.self) { try store.write(try batch(2, 2)) }
            #expect(throws: HoopxError.self) { try store.write(try batch(3, 4)) }
            #expect(try store.contents(of: session.id).requests == [Sample.request(1)])
            try expectSoundLog(store)
        }
    }

    @Test(arguments: Principal.Verification.Method.allTests)
    func aVerifiedPrincipalReadsBack(method: Principal.Verification.Method) async throws {
        try await withStore { store, _ in
            let known = try #require(Sample.verifiedUser.verification)
            let verification = Principal.Verification(
                method: method, algorithm: known.algorithm,
                keyID: method == .tokenFile ? nil : known.keyID, issuedAt: known.issuedAt, expiresAt: known.expiresAt)
            let principal = Principal(
                kind: method == .deviceAuthorization ? .user : .workload, name: "ada", subject: "s",
                issuer: Sample.verifiedUser.issuer, email: method == .tokenFile ? nil : "ada@example.com",
                groups: Sample.verifiedUser.groups, claims: Sample.verifiedUser.claims, verification: verification)
            let session = try Sample.session(principal: principal)
            try store.begin(session)
            #expect(try store.sessions(limit: 1).first?.record.principal == principal)
            let isVerified = try store.queue.read {
                try Bool.fetchOne($0, sql: "SELECT principal_is_verified FROM session")
            }
            #expect(isVerified == true)
        }
    }

    @Test(
        arguments: [
            .exited(status: 0), .exited(status: 130), .killed(signal: 9), .terminated(signal: 15), .failed,
            .interrupted,
        ] as [SessionEnding])
    func howASessionEndedReadsBack(ending: SessionEnding) async throws {
        try await withStore { store, _ in
            let session = try Sample.session()
            try store.begin(session)
            #expect(try store.openSessions() == [session])
            let time = Timestamp(microseconds: 1_795_396_829_000_000)
            try store.end(session.id, ending, at: time)
            let record = try #require(try store.sessions(limit: 1).first?.record)
            #expect(record.ending == ending)
            #expect(record.endedAt == time)
            #expect(try store.openSessions().isEmpty)
            // Nobody rewrites how it ended.
            try store.end(session.id, .exited(status: 77), at: Timestamp(microseconds: 0))
            #expect(try store.sessions(limit: 1).first?.record == record)
        }
    }

    @Test func aRecordThatComesAgainReplacesTheFirst() async throws {
        try await withStore { store, _ in
            let session = try Sample.session()
            try store.begin(session)
            var batch = RecordBatch()
            (batch.connections, batch.requests) = ([try Sample.connection(1)], [Sample.request(1)])
            try store.write(batch, of: session.id)
            batch.connections[0].bytesSent = 7
            batch.requests[0].status = 200
            try store.write(batch, of: session.id)
            let contents = try store.contents(of: session.id)
            #expect(contents.connections == batch.connections)
            #expect(contents.requests == batch.requests)
            var known = session
            known.datagramTier = "namespace"
            try store.write([.sessionStart(known)], of: session.id)
            #expect(try store.sessions(limit: 1).first?.record == known)
        }
    }

    @Test func sessionsDoNotSeeEachOthersRecords() async throws {
        try await withStore { store, _ in
            let first = try Sample.session("20261123-aaaaaaaa", startedAt: 1)
            let second = try Sample.session("20261123-bbbbbbbb", startedAt: 2)
            try store.begin(first)
            try store.begin(second)
            var batch = RecordBatch()
            batch.requests = [Sample.request(1)]
            try store.write(batch, of: first.id)
            #expect(try store.contents(of: second.id).isEmpty)
            #expect(try store.sessions(limit: 9).map(\.requestCount) == [0, 1])
        }
    }

    /// With the steps as they were released, not as what the current one leaves when its part is taken away.
    @Test(arguments: 1...5)
    func aDatabaseOfAnEarlierFormatIsBroughtUpToDate(version: Int) throws {
        let directory = try TemporaryDirectory(owner: .current)
        defer { directory.remove() }
        let path = try directory.file("audit.sqlite", "", mode: 0o600)
        try ReleasedSchema.make(path, version: version)
        let store = try SQLiteAuditStore(directory: directory.path)
        let record = try #require(try store.sessions(limit: 1).first?.record)
        #expect(record.principal == .localUser(name: "ada", uid: 1000))
        #expect(record.arguments.words == ["claude", "-p"] && record.ending == .exited(status: 3))
        #expect(record.weakenings.isEmpty)
        let request = try #require(try store.contents(of: record.id).requests.first)
        #expect(request.credential == .injected && request.status == 200)
        #expect(request.lease == nil && request.clientToken == nil)

        // It was recorded before there was a log, and gets no events afterwards, not even for its end.
        try store.queue.write { try $0.execute(sql: "UPDATE session SET ending = NULL, ended_at = NULL") }
        #expect(try store.closeInterruptedSessions() == [record.id])
        #expect(try store.sessions(limit: 1).first?.record.ending == .interrupted)
        #expect(try store.events(of: record.id, after: 0, limit: 9).isEmpty)

        let session = try Sample.session("20261126-bbbbbbbb", principal: Sample.verifiedUser)
        try store.begin(session)
        var batch = RecordBatch()
        (batch.leases, batch.connections) = ([Sample.lease(1)], [Sample.direct(1, count: 2)])
        (batch.executions, batch.executionCounts) = ([Sample.execution(1)], ExecutionCounts(recorded: 1))
        try store.write(batch, of: session.id)
        #expect(try store.contents(of: session.id) == batch)
        #expect(try store.sessions(limit: 1).first?.record == session)
    }

    @Test func aSessionBeginsOnce() async throws {
        try await withStore { store, _ in
            try store.begin(try Sample.session())
            let error = #expect(throws: HoopxError.self) { try store.begin(try Sample.session()) }
            // What was to be stored does not stand in the error.
            #expect(error?.description.contains("ada") == false)
        }
    }

    // MARK: the file

    @Test func theDatabaseIsTheUsersAlone() async throws {
        try await withStore { store, directory in
            try store.begin(try Sample.session())
            #expect(try mode(directory) == 0o700)
            let files = ["audit.sqlite", "audit.sqlite-wal", "audit.sqlite-shm"]
            for file in files { #expect(try mode(directory + "/" + file) == 0o600, "\(file)") }
        }
    }

    @Test(arguments: ["/audit.sqlite", ""])
    func aDatabaseThatOthersCanReadIsRefused(path: String) async throws {
        try await withStore { store, directory in
            let mode: mode_t = path.isEmpty ? 0o755 : 0o640
            #expect(chmod(directory + path, mode) == 0)
            let error = #expect(throws: HoopxError.self) { try SQLiteAuditStore(directory: directory) }
            #expect(error?.hint == "chmod \(path.isEmpty ? 700 : 600) \(directory)\(path)")
        }
    }

    @Test func aLinkInItsPlaceIsRefused() throws {
        let directory = try TemporaryDirectory(owner: .current)
        defer { directory.remove() }
        try directory.file("elsewhere", "")
        #expect(symlink(directory.path + "/elsewhere", directory.path + "/audit.sqlite") == 0)
        #expect(throws: HoopxError.self) { try SQLiteAuditStore(directory: directory.path) }
        #expect(throws: HoopxError.self) { try SQLiteAuditStore.existing(directory: directory.path) }
    }

    @Test func readingMakesNothing() throws {
        let directory = try TemporaryDirectory(owner: .current)
        defer { directory.remove() }
        #expect(try SQLiteAuditStore.existing(directory: directory.path + "/missing") == nil)
        #expect(directory.contents().isEmpty)
    }

    @Test func anotherProgramsDatabaseIsLeftAlone() throws {
        let directory = try TemporaryDirectory(owner: .current)
        defer { directory.remove() }
        let path = try directory.file("audit.sqlite", "")
        let other = try DatabaseQueue(path: path)
        try other.write { try $0.execute(sql: "CREATE TABLE t (x)") }
        let error = #expect(throws: HoopxError.self) { try SQLiteAuditStore(directory: directory.path) }
        #expect(error?.found.hasSuffix("is an SQLite database of another program") == true)
        let tables = try other.read { try String.fetchAll($0, sql: "SELECT name FROM sqlite_schema") }
        #expect(tables == ["t"])
    }

    @Test func whatIsNoDatabaseIsLeftAlone() throws {
        let directory = try TemporaryDirectory(owner: .current)
        defer { directory.remove() }
        try directory.file("audit.sqlite", String(repeating: "not a database\n", count: 100))
        let error = #expect(throws: HoopxError.self) { try SQLiteAuditStore(directory: directory.path) }
        #expect(error?.hint == "move it away, and hoopx makes a new one")
    }

    @Test func aNewerFormatIsRefused() async throws {
        try await withStore { store, directory in
            try store.queue.write { try $0.execute(sql: "PRAGMA user_version = 99") }
            let error = #expect(throws: HoopxError.self) { try SQLiteAuditStore(directory: directory) }
            #expect(
                error?.found.hasSuffix("has format 99, this hoopx knows formats up to \(AuditSchema.version)") == true)
        }
    }

    @Test func commitsReachTheDisk() async throws {
        try await withStore { store, _ in
            let synchronous = try store.queue.read { try Int.fetchOne($0, sql: "PRAGMA synchronous") }
            let journal = try store.queue.read { try String.fetchOne($0, sql: "PRAGMA journal_mode") }
            #expect(synchronous == 1)
            #expect(journal == "wal")
        }
    }

    @Test func aFullDiskIsAnErrorThatSaysSo() async throws {
        try await withStore { store, _ in
            let session = try Sample.session()
            try store.begin(session)
            var batch = RecordBatch()
            batch.requests = (1...1_000).map { Sample.request($0) }
            try store.queue.write { try $0.execute(sql: "PRAGMA max_page_count = 20") }
            let error = #expect(throws: HoopxError.self) { try store.write(batch, of: session.id) }
            #expect(error?.hint == "free some space on its disk")
            // All of a batch or nothing of it.
            #expect(try store.contents(of: session.id).isEmpty)
            try store.queue.write { try $0.execute(sql: "PRAGMA max_page_count = 1000000") }
            try store.write(batch, of: session.id)
            #expect(try store.contents(of: session.id) == batch)
        }
    }

    @Test(arguments: [
        "UPDATE session SET principal_kind = 'x'", "UPDATE session SET ending = 'x'", "UPDATE session SET id = 'x'",
        "UPDATE session SET ending = 'exited'", "UPDATE session SET verification_method = 'x'",
        "UPDATE session SET verification_method = 'token_file', verification_expires_at = NULL",
    ])
    func aRowThatCannotBeReadIsNotPassedOver(change: String) async throws {
        try await withStore { store, _ in
            try store.begin(try Sample.session())
            try store.queue.write { try $0.execute(sql: change) }
            let error = #expect(throws: HoopxError.self) { try store.sessions(limit: 1) }
            #expect(error?.found.contains("is damaged") == true)
        }
    }

    @Test func openingAnUpToDateDatabaseWritesNothing() async throws {
        try await withStore { store, directory in
            try store.begin(try Sample.session())
            let before = try size(directory + "/audit.sqlite-wal")
            let again = try SQLiteAuditStore(directory: directory)
            let changes = try again.queue.read { $0.totalChangesCount }
            #expect(changes == 0)
            #expect(try size(directory + "/audit.sqlite-wal") == before)
        }
    }

    @Test func manyRunsCanStartAtOnceInANewHome() async throws {
        let directory = try TemporaryDirectory(owner: .current)
        defer { directory.remove() }
        let state = directory.path + "/state/hoopx"
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 10..<26 {
                group.addTask {
                    let store = try SQLiteAuditStore(directory: state)
                    let session = try Sample.session("20261123-aaaaaa\(number)")
                    try store.begin(session)
                    for request in 1...20 {
                        var batch = RecordBatch()
                        batch.requests = [Sample.request(Int64(request))]
                        try store.write(batch, of: session.id)
                    }
                    try store.end(session.id, .exited(status: 0), at: .now())
                }
            }
            try await group.waitForAll()
        }
        let summaries = try SQLiteAuditStore(directory: state).sessions(limit: 100)
        #expect(summaries.count == 16)
        #expect(summaries.allSatisfy { $0.requestCount == 20 && $0.record.ending == .exited(status: 0) })
    }

    private func mode(_ path: String) throws -> mode_t {
        var status = stat()
        try #require(lstat(path, &status) == 0, "\(path)")
        return status.st_mode & 0o7777
    }

    private func size(_ path: String) throws -> Int {
        var status = stat()
        try #require(lstat(path, &status) == 0, "\(path)")
        return Int(status.st_size)
    }
}

extension Principal.Verification.Method {
    fileprivate static let allTests: [Self] = [
        .deviceAuthorization, .gitHubActions, .gitLabCI, .tokenFile, .tokenVariable,
    ]
}
