import Foundation
import GRDB
import HoopxCore
import HoopxTestSupport
import HoopxTransparency
import Testing

@testable import HoopxAudit

/// A record with some sessions in it, for a test to spoil.
struct LoggedRecord {
    let directory: String
    let store: SQLiteAuditStore

    /// Runs a body with a record of its own.
    static func run(
        checkpointInterval: Int64 = 10, _ body: (LoggedRecord) async throws -> Void
    ) async throws {
        let directory = try TemporaryDirectory(owner: .current)
        defer { directory.remove() }
        let path = directory.path + "/state/hoopx"
        let settings = AuditSettings(durability: .normal, checkpointInterval: checkpointInterval)
        try await body(LoggedRecord(directory: path, store: try SQLiteAuditStore(directory: path, settings: settings)))
    }

    /// Records a session of so many requests, each with a body, to its end.
    ///
    /// - Parameter isOver: whether its end is recorded too.
    @discardableResult
    func session(_ name: String, requests: Int = 5, endedAt: Timestamp = .now(), isOver: Bool = true) throws
        -> SessionID
    {
        let record = try Sample.session(name, startedAt: endedAt.microseconds - 1_000_000)
        var sequence: Int64 = 0
        func event(_ content: AuditEvent.Content) -> LoggedEvent {
            sequence += 1
            return LoggedEvent(
                AuditEvent(
                    session: record.id, sequence: sequence, moment: EventMoment(time: endedAt, monotonic: sequence),
                    principal: EventPrincipal(record.principal), content: content))
        }
        try store.begin(EventBatch(session: record.id, events: [event(.sessionStart(record))]))
        for number in 1...Int64(requests) {
            var batch = EventBatch(session: record.id)
            let text = String(repeating: "request \(number) of \(name), and the same in each. ", count: 200)
            var assembly = BodyAssembly(BodyKey(request: number, direction: .request))
            assembly.append(BodyPiece(bytes: Array(text.utf8), time: 1))
            let part = assembly.finish(nil)
            batch.bodies = [part]
            batch.events = [event(.request(Sample.request(number), RecordedBodies(request: part.end?.body)))]
            try store.write(batch)
        }
        if isOver {
            let end = SessionEndRecord(.exited(status: 0), at: endedAt)
            try store.write(EventBatch(session: record.id, events: [event(.sessionEnd(end))]))
        }
        return record.id
    }

    var databasePath: String { directory + "/audit.sqlite" }

    /// Changes the database as somebody would who has its file and nothing else: with sqlite3(1).
    func edit(_ sql: String) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/sqlite3")
        process.arguments = ["-bail", databasePath, sql]
        let errors = Pipe()
        process.standardOutput = FileHandle.nullDevice
        process.standardError = errors
        try process.run()
        let text = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw TestSupportError("sqlite3: \(text)") }
    }

    /// What a verification finds wrong.
    func findings(_ change: (inout LogVerification) throws -> Void = { _ in }) throws -> [String] {
        try report(change).findings.map(\.description)
    }

    func report(_ change: (inout LogVerification) throws -> Void = { _ in }) throws -> VerificationReport {
        var verification = LogVerification(directory: directory)
        try change(&verification)
        return try #require(try verification.run())
    }

    /// The number in the log of a session's event.
    func leaf(_ session: SessionID, _ sequence: Int64) throws -> Int64 {
        try #require(
            try store.queue.read { database in
                try Int64.fetchOne(
                    database, sql: "SELECT leaf FROM event WHERE session = ? AND sequence = ?",
                    arguments: [session.description, sequence])
            })
    }
}
