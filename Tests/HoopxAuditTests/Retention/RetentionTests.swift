import Foundation
import GRDB
import HoopxCore
import HoopxTestSupport
import HoopxTransparency
import Testing

@testable import HoopxAudit

struct RetentionTests {
    private static let user = Principal.localUser(name: "ada", uid: 1000)

    private static func daysAgo(_ days: Int64) -> Timestamp {
        Timestamp(microseconds: Timestamp.now().microseconds - days * 86_400 * 1_000_000)
    }

    private static func count(_ record: LoggedRecord, _ sql: String) throws -> Int64 {
        try record.store.queue.read { try Int64.fetchOne($0, sql: sql) ?? 0 }
    }

    @Test func whatEndedLongAgoIsDeletedAndTheLogStaysVerifiable() async throws {
        try await LoggedRecord.run { record in
            let old = try record.session("20260801-aaaaaaaa", endedAt: Self.daysAgo(100))
            let young = try record.session("20261101-bbbbbbbb", endedAt: Self.daysAgo(3))
            let before = try #require(try record.report().newest)
            let retention = Retention(store: record.store, age: .seconds(90 * 86_400))
            let preview = try retention.preview()
            #expect(preview.sessions == [old])
            #expect(try record.findings() == [])

            let outcome = try retention.prune(for: Self.user)
            #expect(outcome == preview)
            #expect((outcome.eventCount, outcome.bodyCount, outcome.keepsPieces) == (7, 5, false))
            let report = try record.report { $0.checkpointPaths = [] }
            #expect(report.findings.isEmpty, "\(report.findings)")
            #expect(report.prunedCount == 7)
            // The leaves are those of before.
            let checkpoint = try SignedCheckpointFile(before, in: record)
            #expect(try record.findings { $0.checkpointPaths = [checkpoint.path] } == [])
            for table in ["session", "request", "body"] {
                let column = table == "session" ? "id" : "session"
                #expect(try Self.count(record, "SELECT count(*) FROM \(table) WHERE \(column) = '\(old)'") == 0)
                #expect(try Self.count(record, "SELECT count(*) FROM \(table) WHERE \(column) = '\(young)'") > 0)
            }
            #expect(try Self.count(record, "SELECT count(*) FROM event WHERE payload IS NULL") == 7)
            // Nothing is left to do.
            #expect(try retention.prune(for: Self.user) == Retention.Outcome())
        }
    }

    @Test func nothingOfWhatWasDeletedIsLeftInTheFile() async throws {
        try await LoggedRecord.run { record in
            let old = try record.session("20260801-aaaaaaaa", endedAt: Self.daysAgo(100))
            try record.session("20261101-bbbbbbbb", endedAt: Self.daysAgo(3))
            _ = try Retention(store: record.store, age: .seconds(90 * 86_400)).prune(for: Self.user)
            try record.edit("PRAGMA wal_checkpoint(TRUNCATE)")
            #expect(try Self.count(record, "SELECT count(*) FROM chunk") > 0)
            var bytes = try Data(contentsOf: URL(fileURLWithPath: record.databasePath))
            bytes += (try? Data(contentsOf: URL(fileURLWithPath: record.databasePath + "-wal"))) ?? Data()
            #expect(bytes.range(of: Data("of 20260801-aaaaaaaa, and".utf8)) == nil)
            #expect(bytes.range(of: Data("\"number\":4,\"path\"".utf8)) != nil)
            // The name itself stays: in its events' rows, and in the event that tells of the deletion.
            #expect(bytes.range(of: Data(old.description.utf8)) != nil)
        }
    }

    @Test func aSessionOnLegalHoldIsSpared() async throws {
        try await LoggedRecord.run { record in
            let held = try record.session("20260801-aaaaaaaa", endedAt: Self.daysAgo(100))
            let hold = LegalHoldRecord(session: held, isHeld: true, reason: "case 4711")
            #expect(try record.store.record(hold, for: Self.user))
            #expect(try !record.store.record(hold, for: Self.user))
            let retention = Retention(store: record.store, age: .seconds(90 * 86_400))
            #expect(try retention.prune(for: Self.user).heldCount == 1)
            #expect(try Self.count(record, "SELECT count(*) FROM request") == 5)
            #expect(try record.findings() == [])
            let release = LegalHoldRecord(session: held, isHeld: false, reason: nil)
            #expect(try record.store.record(release, for: Self.user))
            #expect(try retention.prune(for: Self.user).sessions == [held])
            #expect(try record.findings() == [])
        }
    }

    @Test func whatIsDeletedByHandIsNoRetention() async throws {
        try await LoggedRecord.run { record in
            let session = try record.session("20260801-aaaaaaaa", endedAt: Self.daysAgo(100))
            let leaf = try record.leaf(session, 2)
            try record.edit(
                "UPDATE event SET payload = NULL WHERE leaf = \(leaf); DELETE FROM request WHERE number = 1")
            #expect(
                try record.findings().contains(
                    "leaf \(leaf): its payload is gone, and no event says that those of session \(session) were deleted for their age"
                ))
        }
    }

    @Test func whatWasOnHoldWhenItWasDeletedIsNoticed() async throws {
        try await LoggedRecord.run { record in
            let session = try record.session("20260801-aaaaaaaa", endedAt: Self.daysAgo(100))
            _ = try record.store.record(
                LegalHoldRecord(session: session, isHeld: true, reason: "case 4711"), for: Self.user)
            // Whoever takes the row away that holds it cannot take the event away.
            try record.edit("DELETE FROM legal_hold")
            _ = try Retention(store: record.store, age: .seconds(90 * 86_400)).prune(for: Self.user)
            #expect(
                try record.findings().contains {
                    $0.hasSuffix("it deleted payloads of session \(session), which is on legal hold")
                })
        }
    }

    @Test func aSessionThatRunsKeepsThePieces() async throws {
        try await LoggedRecord.run { record in
            try record.session("20260801-aaaaaaaa", endedAt: Self.daysAgo(100))
            try record.session("20261101-bbbbbbbb", isOver: false)
            let chunks = try Self.count(record, "SELECT count(*) FROM chunk")
            let outcome = try Retention(store: record.store, age: .seconds(90 * 86_400)).prune(for: Self.user)
            #expect(outcome.keepsPieces)
            #expect(try Self.count(record, "SELECT count(*) FROM chunk") == chunks)
            #expect(try record.findings() == [])
        }
    }

    @Test func aDayIsLookedAtOnce() async throws {
        try await LoggedRecord.run { record in
            try record.session("20260801-aaaaaaaa", endedAt: Self.daysAgo(100))
            // Of an age that is reached in the middle of a day, on the next.
            let recent = try record.session(
                "20261101-bbbbbbbb",
                endedAt: Timestamp(microseconds: Timestamp.now().microseconds - 90 * 86_400 * 1_000_000 - 1_000_000))
            let retention = Retention(store: record.store, age: .seconds(90 * 86_400))
            let day = try retention.pruneDaily(for: Self.user).sessions
            #expect(day.count == 1 && day != [recent])
            #expect(try retention.pruneDaily(for: Self.user) == Retention.Outcome())
            #expect(try retention.prune(for: Self.user).sessions == [recent])
        }
    }
}

/// A checkpoint that somebody has kept.
struct SignedCheckpointFile {
    let path: String

    init(_ signed: SignedCheckpoint, in record: LoggedRecord) throws {
        path = record.directory + "/kept.checkpoint"
        try Data(signed.note.encoded.utf8).write(to: URL(fileURLWithPath: path))
    }
}
