import Foundation
import GRDB
import HoopxCore
import HoopxTestSupport
import HoopxTransparency
import Testing

@testable import HoopxAudit

struct LogVerificationTests {
    @Test func aRecordThatNobodyChangedIsInOrder() async throws {
        try await LoggedRecord.run { record in
            #expect(try LogVerification(directory: record.directory + "/none").run()?.origin == nil)
            for name in ["20261101-aaaaaaaa", "20261101-bbbbbbbb"] { try record.session(name, requests: 12) }
            try record.session("20261101-cccccccc", isOver: false)
            let report = try record.report()
            #expect(report.findings.isEmpty, "\(report.findings)")
            #expect(report.isInOrder)
            // The log's key, two sessions of 14 events, and one that goes on with 6.
            #expect(report.eventCount == 35)
            #expect(report.checkpointCount == 5)
            #expect(report.uncoveredCount == 5)
            #expect(report.rowCount == 3 + 12 + 12 + 5)
            #expect(report.bodyCount == 29)
            #expect(report.newest?.checkpoint.size == 30)
        }
    }

    @Test func aPayloadThatWasChangedIsNamed() async throws {
        try await LoggedRecord.run { record in
            let session = try record.session("20261101-aaaaaaaa")
            let leaf = try record.leaf(session, 3)
            try record.edit(
                "UPDATE event SET payload = CAST(replace(CAST(payload AS TEXT), 'POST', 'GET!') AS BLOB) WHERE leaf = \(leaf)"
            )
            let findings = try record.findings()
            #expect(
                findings.first == "leaf \(leaf): its payload is not what was logged: it has another hash", "\(findings)"
            )
            // And the row that follows from it, whichever of both was changed.
            #expect(
                findings.dropFirst() == [
                    "row (\(session), 2) of the table request: its method is not what the events say"
                ])
        }
    }

    @Test(arguments: [
        ("event", "time = 'noon'", "event.time"), ("anchor", "evidence = NULL", "anchor.evidence"),
        ("body", "length = x'00'", "body.length"),
    ])
    func whatNoColumnTakesIsFoundBeforeItIsRead(table: String, change: String, column: String) async throws {
        try await LoggedRecord.run { record in
            try record.session("20261101-aaaaaaaa")
            try record.store.record(
                AnchorRecord(size: 10, kind: .file, place: "/mnt/log", time: Timestamp(microseconds: 1)))
            func define(_ old: String, _ new: String) throws {
                try record.edit(
                    """
                    PRAGMA writable_schema = ON;
                    UPDATE sqlite_schema SET sql = replace(sql, '\(old)', '\(new)') WHERE name = '\(table)';
                    """)
            }
            // As somebody would who knows what keeps such a value out.
            try define(") STRICT", ") /*STRICT*/")
            try define(" BLOB NOT NULL", " BLOB /*NOT NULL*/")
            try record.edit("UPDATE \(table) SET \(change)")
            try define(") /*STRICT*/", ") STRICT")
            try define(" BLOB /*NOT NULL*/", " BLOB NOT NULL")
            let error = #expect(throws: HoopxError.self) { try record.report() }
            #expect(error?.found.contains(column) == true, "\(String(describing: error))")
        }
    }

    @Test func aPayloadThatWasChangedWithItsHashContradictsTheCheckpoint() async throws {
        try await LoggedRecord.run { record in
            let session = try record.session("20261101-aaaaaaaa", requests: 25)
            let leaf = try record.leaf(session, 15)
            let changed = #"{"data":{"found":"x","doing":"y"},"kind":"error"}"#
            let hash = TreeHash(leaf: Array(changed.utf8)).bytes.map { String(format: "%02x", $0) }.joined()
            try record.edit(
                "UPDATE event SET payload = CAST('\(changed)' AS BLOB), leaf_hash = x'\(hash)' WHERE leaf = \(leaf)")
            let findings = try record.findings()
            // Between the last checkpoint that is in order and the first that is not.
            let expected =
                "checkpoint of 20 events: of the events 10 to 19, one or more are not those that it was signed for"
            #expect((10..<20).contains(leaf))
            #expect(findings.contains(expected), "\(findings)")
            #expect(findings.contains { $0.hasPrefix("the log: its right edge") })
        }
    }

    @Test func anEventThatWasDeletedIsMissed() async throws {
        try await LoggedRecord.run { record in
            let session = try record.session("20261101-aaaaaaaa", requests: 25)
            let leaf = try record.leaf(session, 5)
            try record.edit("DELETE FROM event WHERE leaf = \(leaf)")
            let findings = try record.findings()
            #expect(findings.contains("leaf \(leaf): it is missing"), "\(findings)")
            #expect(
                findings.contains(
                    "leaf \(leaf + 1): it is event 6 of session \(session), where event 5 was expected"))
        }
    }

    @Test func anEventThatWasDeletedAndTheOthersMovedUpIsMissed() async throws {
        try await LoggedRecord.run { record in
            let session = try record.session("20261101-aaaaaaaa", requests: 25)
            let leaf = try record.leaf(session, 5)
            try record.edit(
                """
                DELETE FROM event WHERE leaf = \(leaf);
                UPDATE event SET leaf = -leaf WHERE leaf > \(leaf);
                UPDATE event SET leaf = -leaf - 1 WHERE leaf < 0;
                """)
            let findings = try record.findings()
            #expect(
                findings.contains("leaf \(leaf): it is event 6 of session \(session), where event 5 was expected"),
                "\(findings)")
            #expect(findings.contains { $0.hasPrefix("checkpoint of 10 events: of the events 0 to 9") })
        }
    }

    @Test func eventsThatChangedPlacesAreNamed() async throws {
        try await LoggedRecord.run { record in
            let session = try record.session("20261101-aaaaaaaa", requests: 25)
            let leaf = try record.leaf(session, 5)
            try record.edit(
                """
                UPDATE event SET leaf = -1 WHERE leaf = \(leaf);
                UPDATE event SET leaf = \(leaf) WHERE leaf = \(leaf + 1);
                UPDATE event SET leaf = \(leaf + 1) WHERE leaf = -1;
                """)
            let findings = try record.findings()
            #expect(
                findings.contains("leaf \(leaf): it is event 6 of session \(session), where event 5 was expected"),
                "\(findings)")
            #expect(findings.contains { $0.hasPrefix("checkpoint of 10 events: of the events 0 to 9") })
        }
    }

    @Test func aLogThatWasCutIsNoticed() async throws {
        try await LoggedRecord.run { record in
            try record.session("20261101-aaaaaaaa", requests: 25)
            try record.edit("DELETE FROM event WHERE leaf >= 20")
            let findings = try record.findings()
            #expect(
                findings.contains("leaves 20 to 27: they are missing: the log has 28 events, and 20 are there"),
                "\(findings)")
            // Cut with its checkpoints too, and its rows, it is still longer by its own word.
            try record.edit("DELETE FROM checkpoint WHERE size > 20; DELETE FROM request WHERE number > 18")
            #expect(
                try record.findings().contains(
                    "leaves 20 to 27: they are missing: the log has 28 events, and 20 are there"))
        }
    }

    @Test func anOlderCopyIsNoticedByTheLastVerification() async throws {
        try await LoggedRecord.run { record in
            try record.session("20261101-aaaaaaaa")
            try record.edit("PRAGMA wal_checkpoint(TRUNCATE)")
            let copy = try Data(contentsOf: URL(fileURLWithPath: record.databasePath))
            try record.session("20261102-bbbbbbbb")
            let newest = try #require(try record.report().newest)
            try RememberedCheckpoint(directory: record.directory).keep(newest)
            #expect(try record.findings() == [])
            // Put back: in itself it is in order.
            for suffix in ["-wal", "-shm"] { try? FileManager.default.removeItem(atPath: record.databasePath + suffix) }
            try FileManager.default.removeItem(atPath: record.databasePath)
            try copy.write(to: URL(fileURLWithPath: record.databasePath))
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: record.databasePath)
            let path = RememberedCheckpoint(directory: record.directory).path
            let findings = try record.findings()
            #expect(
                findings == [
                    "\(path), line 1: it has 15 events and the log has 8: the log was cut, or an older copy was put in its place"
                ])
            try FileManager.default.removeItem(atPath: path)
            #expect(try record.findings() == [])
            // A copy of the checkpoint that somebody else has kept tells it too.
            let kept = record.directory + "/kept"
            try Data(newest.note.encoded.utf8).write(to: URL(fileURLWithPath: kept))
            #expect(try record.findings { $0.checkpointPaths = [kept] }.count == 1)
        }
    }

    @Test func aRowThatWasChangedIsNamedWithItsColumn() async throws {
        try await LoggedRecord.run { record in
            let session = try record.session("20261101-aaaaaaaa")
            try record.edit(
                """
                UPDATE request SET path = '/innocent', status = 200 WHERE number = 2;
                UPDATE session SET principal_name = 'mallory', working_directory = '/';
                DELETE FROM request WHERE number = 4;
                INSERT INTO request SELECT session, 99, connection_number, connection_name, method, path, started_at,
                    credential, denial, status, request_bytes, response_bytes, first_byte_after, duration, lease,
                    client_token, operation, model, upstream_request_id, stop_reason, input_tokens, output_tokens,
                    cache_creation_tokens, cache_read_tokens FROM request WHERE number = 1;
                """)
            #expect(
                try record.findings() == [
                    "row (\(session)) of the table session: its principal_name and working_directory are not what the events say",
                    "row (\(session), 4) of the table request: it is missing",
                    "row (\(session), 99) of the table request: no event says that it was",
                    "row (\(session), 2) of the table request: its path and status are not what the events say",
                ])
        }
    }

    @Test func aConnectionToAUnixSocketIsVerifiedToo() async throws {
        try await LoggedRecord.run { record in
            let session = try record.session("20261101-aaaaaaaa")
            try record.store.write(
                [.connection(Sample.direct(1)), .connection(Sample.direct(2, count: 3))], of: session)
            #expect(try record.findings() == [])
            try record.edit("UPDATE connection SET path = '/run/innocent.sock'; UPDATE connection SET count = 1")
            #expect(
                try record.findings() == [
                    "row (\(session), 1) of the table connection: its path is not what the events say",
                    "row (\(session), 2) of the table connection: its path and count are not what the events say",
                ])
        }
    }

    /// Its events are those of today without a Unix socket, byte for byte.
    @Test func aRecordFromBeforeUnixSocketsIsInOrderAndGoesOn() async throws {
        try await LoggedRecord.run { record in
            let session = try record.session("20261101-aaaaaaaa", requests: 12)
            try record.store.write([.connection(try Sample.connection(1))], of: session)
            let before = try record.report()
            let older = try TemporaryDirectory(owner: .current)
            defer { older.remove() }
            let path = try older.file("audit.sqlite", "", mode: 0o600)
            try ReleasedSchema.make(path, version: 5) { try Self.fill($0, from: record.databasePath) }
            let keys = [record.directory, older.path].map { LogKeyFile(directory: $0, origin: before.origin).path }
            try FileManager.default.copyItem(atPath: keys[0], toPath: keys[1])

            let report = try #require(try LogVerification(directory: older.path).run())
            #expect(report.isInOrder && report.findings.isEmpty, "\(report.findings)")
            #expect(report.eventCount == before.eventCount && report.newest == before.newest)
            let store = try SQLiteAuditStore(directory: older.path)
            #expect(try store.contents(of: session).connections == [try Sample.connection(1)])
            try store.write([.connection(Sample.direct(2))], of: session)
            #expect(try store.contents(of: session).connections == [try Sample.connection(1), Sample.direct(2)])
            #expect(try LogVerification(directory: older.path).run()?.findings == [])
        }
    }

    /// Copies what the tables of a database have columns for from those of another.
    private static func fill(_ database: Database, from path: String) throws {
        try database.execute(sql: "ATTACH DATABASE ? AS newer", arguments: [path])
        for table in try String.fetchAll(database, sql: "SELECT name FROM main.sqlite_schema WHERE type = 'table'") {
            let columns = try Row.fetchAll(database, sql: "PRAGMA main.table_info(\(table))")
                .map { $0["name"] as String }.joined(separator: ", ")
            try database.execute(
                sql: "INSERT OR REPLACE INTO main.\(table) (\(columns)) SELECT \(columns) FROM newer.\(table)")
        }
    }

    @Test func aSessionFromBeforeTheLogIsCountedAndALaterOneWithoutEventsIsNot() async throws {
        try await LoggedRecord.run { record in
            let session = try record.session("20261101-aaaaaaaa")
            for (name, start) in [("20200101-00000000", 1), ("20301101-00000000", Int64.max / 2)] as [(String, Int64)] {
                try record.edit(
                    """
                    CREATE TEMP TABLE copy AS SELECT * FROM session WHERE id = '\(session)';
                    UPDATE copy SET id = '\(name)', started_at = \(start);
                    INSERT INTO session SELECT * FROM copy;
                    """)
            }
            let report = try record.report()
            #expect(report.unvouchedSessionCount == 1)
            #expect(
                report.findings.map(\.description) == [
                    "row (20301101-00000000) of the table session: no event says that it was"
                ])
        }
    }

    @Test func aBodyThatWasChangedIsNamed() async throws {
        try await LoggedRecord.run { record in
            let session = try record.session("20261101-aaaaaaaa", requests: 3)
            try record.edit(
                """
                UPDATE chunk SET length = length(content), content = CAST(upper(CAST(content AS TEXT)) AS BLOB)
                    WHERE id = 1;
                DELETE FROM body WHERE request = 2;
                UPDATE body SET length = 5 WHERE request = 3;
                INSERT INTO body SELECT session, 9, direction, length, sha256, truncation, chunks, content, timings
                    FROM body
                    WHERE request = 1;
                """)
            let findings = try record.findings()
            let leaf = try record.leaf(session, 3)
            func body(_ number: Int) -> String { "request body of request \(number) of session \(session): " }
            #expect(findings.contains(body(2) + "leaf \(leaf) tells of it, and it is gone"), "\(findings)")
            #expect(findings.contains(body(3) + "it is not what leaf \(leaf + 1) tells of it"))
            #expect(findings.contains(body(9) + "no event tells of it"))
            #expect(
                findings.contains(body(1) + "its chunk 1 was changed: it has another SHA-256"))
        }
    }

    @Test func aLogThatIsSignedWithAnotherKeyIsNoticed() async throws {
        try await LoggedRecord.run { record in
            try record.session("20261101-aaaaaaaa")
            let report = try record.report()
            let (key, newest) = (try #require(report.key), try #require(report.newest))
            let forger = LogSigner.generate(origin: report.origin)
            let forged = try forger.sign(newest.checkpoint).encoded
            try record.edit("UPDATE checkpoint SET note = '\(forged)' WHERE size = \(newest.checkpoint.size)")
            let subject = "checkpoint of 8 events: "
            #expect(
                try record.findings() == [
                    subject + "it is not signed with the log's key, \(key)",
                    "leaf 7: session 20261101-aaaaaaaa ended with it, and no checkpoint that is in order covers it",
                ])
            // With the key file replaced too, what the log says of its key contradicts it, and so does who knows the key.
            let file = LogKeyFile(directory: record.directory, origin: report.origin).path
            try forger.encoded.withValue { text in
                try Data((text + "\n").utf8).write(to: URL(fileURLWithPath: file))
            }
            #expect(
                try record.findings().contains(
                    "leaf 0: from here on the log is signed with \(key), which is not a key that is known to be its own"
                ))
            #expect(
                try record.findings { $0.keys = [key] }.contains(
                    subject + "it is not signed with the log's key, \(key)"))
            // A signature that is none.
            let broken = newest.note.encoded.replacing("Z", with: "z")
            try record.edit("UPDATE checkpoint SET note = '\(broken)'")
            #expect(!(try record.report().isInOrder))
        }
    }

    @Test func aKeyThatWasLostIsFollowedByAnotherAndTheLogSaysSo() async throws {
        try await LoggedRecord.run { record in
            try record.session("20261101-aaaaaaaa")
            let report = try record.report()
            let first = try #require(report.key)
            let file = LogKeyFile(directory: record.directory, origin: report.origin)
            try FileManager.default.removeItem(atPath: file.path)
            #expect(
                try record.findings() == [
                    "the log's key: it is not here, so that no signature can be verified: give it with --key"
                ])
            #expect(try record.findings { $0.keys = [first] } == [])
            let settings = AuditSettings(durability: .normal)
            let next = LoggedRecord(
                directory: record.directory,
                store: try SQLiteAuditStore(directory: record.directory, settings: settings))
            try next.session("20261102-bbbbbbbb")
            let second = try #require(try next.report().key)
            #expect(second != first)
            #expect(try next.findings() == [])
            // Whoever knows the first key only is told where another takes over; whoever knows both is content.
            #expect(
                try next.findings { $0.keys = [first] }.contains(
                    "leaf 8: from here on the log is signed with \(second), which is not a key that is known to be its own"
                ))
            #expect(try next.findings { $0.keys = [first, second] } == [])
        }
    }

    @Test(arguments: [
        ("CREATE TRIGGER planted AFTER INSERT ON event BEGIN DELETE FROM denial; END", "trigger planted"),
        ("ALTER TABLE denial RENAME TO d; CREATE VIEW denial AS SELECT * FROM d WHERE 0", "view denial"),
    ])
    func aDatabaseInWhichSomethingWasPlantedIsNotOpened(sql: String, name: String) async throws {
        try await LoggedRecord.run { record in
            try record.session("20261101-aaaaaaaa")
            try record.edit(sql)
            let error = #expect(throws: HoopxError.self) {
                _ = try SQLiteAuditStore.existing(directory: record.directory)
            }
            #expect(error?.found.contains(name) == true, "\(String(describing: error))")
            #expect(throws: HoopxError.self) { _ = try record.report() }
        }
    }

    @Test(arguments: [
        "ALTER TABLE denial ADD COLUMN x TEXT",
        "DROP TABLE tree_node; CREATE TABLE tree_node (level, number, hash)",
        "DROP INDEX event_by_session",
    ])
    func aDatabaseWithOtherTablesIsNotBelieved(sql: String) async throws {
        try await LoggedRecord.run { record in
            try record.session("20261101-aaaaaaaa")
            try record.edit(sql)
            let error = #expect(throws: HoopxError.self) { _ = try record.report() }
            #expect(error?.found.contains("is not as hoopx makes it") == true, "\(String(describing: error))")
        }
    }

    @Test(arguments: [
        "UPDATE event SET leaf = 9223372036854775807 WHERE leaf = 3",
        "UPDATE event SET leaf = -9223372036854775808 WHERE leaf = 3; UPDATE event SET leaf = 9223372036854775807 WHERE leaf = 4",
        "UPDATE event SET sequence = 9223372036854775807 WHERE leaf = 3",
        "UPDATE event SET time = -9223372036854775808",
        "UPDATE log_state SET frontier = CAST(x'7fffffffffffffff' || zeroblob(63 * 32) AS BLOB)",
        "UPDATE body SET length = 9223372036854775807",
        "UPDATE chunk SET length = -1",
        "UPDATE checkpoint SET size = -size",
        "INSERT INTO anchor VALUES (9223372036854775807, 'timestamp', 'x', -9223372036854775808, zeroblob(100000))",
        "UPDATE body SET chunks = x'ffffffffffffffffff01'",
    ])
    func hostileNumbersAreFoundAndNoMore(sql: String) async throws {
        try await LoggedRecord.run { record in
            try record.session("20261101-aaaaaaaa", requests: 12)
            try record.edit(sql)
            #expect(try !record.report().isInOrder)
        }
    }
}
