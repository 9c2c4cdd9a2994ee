import Glibc
import GRDB
import HoopxCore
import HoopxTestSupport
import Synchronization
import Testing

@testable import HoopxAudit

@Suite struct DurabilityTests {
    @Test func aRequestGoesOnOnlyOnceTheDiskHasIt() async throws {
        try await withDisk { store, disk in
            let recorder = try Recorder(beginning: try Sample.session(), in: store)
            let before = disk.syncCount
            let key = BodyKey(request: 1, direction: .request)
            let body = recorder.body(of: 1, .request)
            body.append([1, 2, 3], at: 0)
            body.finish()
            let seen = await withCheckedContinuation { continuation in
                recorder.recordBeforeEgress(Sample.request(1)) { error in
                    continuation.resume(returning: (error, disk.syncCount))
                }
            }
            #expect(seen.0 == nil && seen.1 == before + 1)
            // With what is recorded of it.
            #expect(try store.contents(of: recorder.session).requests == [Sample.request(1)])
            #expect(try store.body(key, of: recorder.session)?.bytes == [1, 2, 3])
        }
    }

    @Test func whereTheKernelIsEnoughNothingWaitsForTheDisk() async throws {
        try await withDisk(AuditSettings(durability: .normal)) { store, disk in
            let recorder = try Recorder(beginning: try Sample.session(), in: store)
            let error = await recorder.recordBeforeEgress(Sample.request(1))
            #expect(error == nil && disk.syncCount == 0)
            #expect(try store.contents(of: recorder.session).requests == [Sample.request(1)])
        }
    }

    @Test func aSyncThatFailsIsTheRequestsEndAndOnlyANewCopyMakesUpForIt() async throws {
        try await withDisk { store, disk in
            let recorder = try Recorder(beginning: try Sample.session(), in: store)
            _ = await recorder.recordBeforeEgress(Sample.request(1))
            disk.fails = true
            let error = await recorder.recordBeforeEgress(Sample.request(2))
            #expect(error?.found == "Input/output error")
            #expect(recorder.isFailed)
            disk.fails = false
            try await eventually("a new attempt") { !recorder.isFailed }
            // The log's file was emptied: all of it is in the database now, written anew and synced.
            let next = await recorder.recordBeforeEgress(Sample.request(3))
            #expect(next == nil)
            try recorder.close(.exited(status: 0))
            #expect(try store.contents(of: recorder.session).requests.map(\.number) == [1, 2, 3])
            try expectSoundLog(store)
        }
    }

    @Test func whileOthersKeepTheOldCopyInUseNothingGoesOn() async throws {
        try await withDisk { store, disk in
            let recorder = try Recorder(beginning: try Sample.session(), in: store)
            var configuration = Configuration()
            configuration.allowsUnsafeTransactions = true
            let reader = try DatabaseQueue(path: store.path, configuration: configuration)
            try reader.run("BEGIN")
            try reader.run("SELECT count(*) FROM event")
            disk.fails = true
            _ = await recorder.recordBeforeEgress(Sample.request(1))
            disk.fails = false
            #expect(throws: HoopxError.self) { try recorder.flush() }
            #expect(recorder.isFailed)
            try reader.run("COMMIT")
            try recorder.flush()
            #expect(!recorder.isFailed)
        }
    }

    @Test func aLogThatWasReplacedIsTheOneThatIsSynced() async throws {
        try await withStore { store, directory in
            let file = WriteAheadLogFile(ofDatabase: directory + "/audit.sqlite")
            try file.synchronize()
            try file.synchronize()
            let path = directory + "/audit.sqlite-wal"
            #expect(rename(path, path + ".old") == 0)
            try file.synchronize()
            #expect(mkdir(path, 0o700) == 0)
            // It looks at what is there now: a directory can be synced, a file that may not be opened cannot.
            try file.synchronize()
            #expect(rmdir(path) == 0)
            #expect(symlink("/nowhere/at/all", path) == 0)
            #expect(rename(path + ".old", path) == 0)
            try file.synchronize()
        }
    }

    // MARK: a store that cannot be written

    @Test func aFullDiskDeniesRequestsAndTheRunGoesOn() async throws {
        try await withStore { store, _ in
            let recorder = try Recorder(beginning: try Sample.session(), in: store)
            _ = await recorder.recordBeforeEgress(Sample.request(1))
            try store.queue.run("PRAGMA max_page_count = 30")
            let body = recorder.body(of: 2, .request)
            body.append((0..<200_000).map { UInt8(truncatingIfNeeded: $0 &* $0 >> 5) }, at: 0)
            body.finish()
            let error = await recorder.recordBeforeEgress(Sample.request(2))
            #expect(error?.hint == "free some space on its disk")
            // At once: the store is tried now and then, not by every request.
            let next = await recorder.recordBeforeEgress(Sample.request(3))
            #expect(next?.hint == "free some space on its disk")
            #expect(try store.contents(of: recorder.session).requests.map(\.number) == [1])
            try store.queue.run("PRAGMA max_page_count = 1000000")
            try await eventually("a new attempt") { !recorder.isFailed }
            let last = await recorder.recordBeforeEgress(Sample.request(4))
            #expect(last == nil)
            // What came while it was full is there too.
            try recorder.close(.exited(status: 0))
            #expect(try store.contents(of: recorder.session).requests.map(\.number) == [1, 2, 3, 4])
            let stored = try store.body(BodyKey(request: 2, direction: .request), of: recorder.session)
            #expect(stored?.recorded.length == 200_000)
            try expectSoundLog(store)
        }
    }

    @Test func aDatabaseThatBecomesReadOnlyDeniesRequests() async throws {
        try await withStore { store, _ in
            let recorder = try Recorder(beginning: try Sample.session(), in: store)
            try store.queue.run("PRAGMA query_only = 1")
            let error = await recorder.recordBeforeEgress(Sample.request(1))
            #expect(error?.found.contains("readonly") == true, "\(String(describing: error))")
            try store.queue.run("PRAGMA query_only = 0")
            try recorder.flush()
            #expect(try store.contents(of: recorder.session).requests.map(\.number) == [1])
        }
    }

    @Test func aDatabaseThatIsDamagedDeniesRequests() async throws {
        try await withStore { store, _ in
            let recorder = try Recorder(beginning: try Sample.session(), in: store)
            try store.queue.run("UPDATE log_state SET frontier = x'00'")
            let error = await recorder.recordBeforeEgress(Sample.request(1))
            #expect(error?.found.contains("is damaged") == true)
            #expect(recorder.isFailed)
            #expect(throws: HoopxError.self) { try recorder.close(.failed) }
        }
    }

    @Test func afterTheEndNothingGoesOn() async throws {
        try await withStore { store, _ in
            let recorder = try Recorder(beginning: try Sample.session(), in: store)
            try recorder.close(.exited(status: 0))
            let error = await recorder.recordBeforeEgress(Sample.request(1))
            #expect(error?.found == "the session is over")
        }
    }

    // MARK: the end of hoopx, at any moment

    /// Each child records until it kills itself; what it was told to be durable is there.
    @Test(arguments: [AuditSettings.Durability.full, .normal])
    func whatWasAcknowledgedSurvivesSIGKILL(durability: AuditSettings.Durability) async throws {
        let directory = try TemporaryDirectory(owner: .current)
        defer { directory.remove() }
        let state = directory.path + "/state/hoopx"
        var acknowledged: [String: Int] = [:]
        for run in 10..<35 {
            let name = "20261126-0000\(durability == .full ? "aa" : "bb")\(run)"
            let log = try directory.file("acknowledged-\(run)", "")
            let delay = UInt32.random(in: 1_000...250_000)
            await #expect(processExitsWith: .signal(SIGKILL)) {
                [
                    state = state as String, name = name as String, log = log as String, delay = delay as UInt32,
                    durability = durability.rawValue as String
                ] in
                try await recordUntilKilled(
                    state, name, log, after: delay, AuditSettings.Durability(rawValue: durability) ?? .full)
            }
            acknowledged[name] = try lineCount(log)
        }
        let store = try SQLiteAuditStore(directory: state)
        for (name, count) in acknowledged {
            let session = try #require(SessionID(name))
            let requests = try store.contents(of: session).requests.map(\.number)
            #expect(requests.count >= count, "\(name)")
            #expect(requests == (0..<requests.count).map { Int64($0 + 1) })
        }
        #expect(acknowledged.values.reduce(0, +) > 25)
        #expect(try store.closeInterruptedSessions().count == acknowledged.count)
        try expectSoundLog(store)
    }

    @Test func processesShareOneLog() async throws {
        let directory = try TemporaryDirectory(owner: .current)
        defer { directory.remove() }
        let state = directory.path + "/state/hoopx"
        await withTaskGroup(of: Void.self) { group in
            for number in 10..<14 {
                group.addTask {
                    await #expect(processExitsWith: .success) { [state = state as String, number = number as Int] in
                        try await recordSession(state, "20261126-000000\(number)", requests: 150)
                    }
                }
            }
        }
        let store = try SQLiteAuditStore(directory: state)
        let summaries = try store.sessions(limit: 9)
        #expect(summaries.count == 4 && summaries.allSatisfy { $0.requestCount == 150 })
        try expectSoundLog(store)
    }
}

/// Records requests, and notes those that may go on, until it is killed.
private func recordUntilKilled(
    _ state: String, _ name: String, _ log: String, after delay: UInt32, _ durability: AuditSettings.Durability
) async throws {
    let settings = AuditSettings(durability: durability, checkpointInterval: 7)
    let store = try SQLiteAuditStore(directory: state, settings: settings)
    let recorder = try Recorder(beginning: try Sample.session(name), in: store, settings: settings)
    let file = open(log, O_WRONLY | O_APPEND)
    let killer = Thread(delay)
    killer.start()
    for number in 1... as PartialRangeFrom<Int64> {
        let body = recorder.body(of: number, .request)
        body.append((0..<3_000).map { UInt8(truncatingIfNeeded: $0 &* Int(number) >> 3) }, at: 0)
        body.finish()
        guard await recorder.recordBeforeEgress(Sample.request(number)) == nil else { exit(1) }
        guard write(file, "\n", 1) == 1 else { exit(1) }
        recorder.record(Sample.ended(number))
    }
}

private func recordSession(_ state: String, _ name: String, requests: Int64) async throws {
    let settings = AuditSettings(checkpointInterval: 50)
    let store = try SQLiteAuditStore(directory: state, settings: settings)
    let recorder = try Recorder(beginning: try Sample.session(name), in: store, settings: settings)
    for number in 1...requests {
        let body = recorder.body(of: number, .request)
        body.append(Array("the same in all of them: \(number)".utf8), at: 0)
        body.finish()
        let error = await recorder.recordBeforeEgress(Sample.request(number))
        try #require(error == nil)
        recorder.record(Sample.ended(number))
    }
    try recorder.close(.exited(status: 0))
}

/// Kills the process after a while.
private struct Thread {
    private let delay: UInt32

    init(_ delay: UInt32) { self.delay = delay }

    func start() {
        let delay = UnsafeMutablePointer<UInt32>.allocate(capacity: 1)
        delay.initialize(to: self.delay)
        var thread = pthread_t()
        pthread_create(
            &thread, nil,
            { argument in
                usleep(argument?.load(as: UInt32.self) ?? 0)
                kill(getpid(), SIGKILL)
                return nil
            }, delay)
    }
}

private func lineCount(_ path: String) throws -> Int {
    var status = stat()
    try #require(stat(path, &status) == 0)
    return Int(status.st_size)
}

/// A disk that fails when a test says so.
final class ScriptedDisk: Sendable {
    private let state = Mutex((count: 0, fails: false))

    var syncCount: Int { state.withLock { $0.count } }
    var fails: Bool {
        get { state.withLock { $0.fails } }
        set { state.withLock { $0.fails = newValue } }
    }

    func synchronize() throws(HoopxError) {
        let fails = state.withLock { state in
            state.count += 1
            return state.fails
        }
        if fails { throw HoopxError(.startup, doing: "syncing", found: "Input/output error") }
    }
}

private func withDisk(
    _ settings: AuditSettings = AuditSettings(), _ body: (SQLiteAuditStore, ScriptedDisk) async throws -> Void
) async throws {
    let directory = try TemporaryDirectory(owner: .current)
    defer { directory.remove() }
    let disk = ScriptedDisk()
    let file = AuditFile(directory: directory.path + "/state/hoopx")
    try file.prepare()
    let store = try SQLiteAuditStore(
        path: file.path, settings: settings, signing: CheckpointSigning(directory: file.directory)
    ) { () throws(HoopxError) in try disk.synchronize() }
    try await body(store, disk)
}
