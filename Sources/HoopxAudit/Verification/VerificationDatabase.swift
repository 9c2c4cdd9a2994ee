import GRDB
import HoopxCore
import HoopxJSON

/// The record, as `record`, in one snapshot, beside an empty audit database that is filled from its events.
///
/// What is filled is a temporary file without a name (sqlite.org/inmemorydb.html): the tables of a large record need not fit
/// into memory.
struct VerificationDatabase {
    let directory: String

    func read<Result>(_ body: (Database) throws -> Result) throws(HoopxError) -> Result {
        let path = AuditFile(directory: directory).path
        do {
            var configuration = Configuration()
            configuration.label = "hoopx.audit.verification"
            configuration.foreignKeysEnabled = false
            configuration.prepareDatabase { try $0.execute(sql: AuditSchema.caution) }
            let queue = try DatabaseQueue(path: "", configuration: configuration)
            return try queue.writeWithoutTransaction { database in
                try AuditSchema.migrate(database)
                try database.execute(sql: "ATTACH DATABASE ? AS record", arguments: [path])
                var result: Swift.Result<Result, any Error>?
                try database.inTransaction(.deferred) {
                    result = Swift.Result {
                        try checkTables(database)
                        try checkPages(database)
                        return try body(database)
                    }
                    return .rollback
                }
                guard let result else { throw DatabaseError(message: "the transaction did not run") }
                return try result.get()
            }
        } catch let error as HoopxError {
            throw error
        } catch {
            let reason = (error as? DatabaseError).map { $0.message ?? $0.resultCode.description } ?? "it failed"
            throw HoopxError(.startup, doing: "verifying the audit database", found: "\(path): \(reason)")
        }
    }

    /// What no column takes cannot be read as what the column is for.
    private func checkPages(_ database: Database) throws {
        let found = try String.fetchOne(database, sql: "PRAGMA record.quick_check(1)") ?? "nothing can be read"
        guard found != "ok" else { return }
        throw HoopxError(
            .startup, doing: "verifying the audit database",
            found: "\(AuditFile(directory: directory).path) is damaged: \(found)",
            hint: "somebody has changed the database past SQLite, or its disk fails")
    }

    /// Of tables that are others than those hoopx makes, nothing can be told: their columns may hold anything.
    private func checkTables(_ database: Database) throws {
        let (expected, found) = (
            try AuditSchema.definitions(in: database), try AuditSchema.definitions(in: database, schema: "record")
        )
        guard let different = expected.symmetricDifference(found).min() else { return }
        let name = different.prefix { $0 != ":" }
        throw HoopxError(
            .startup, doing: "verifying the audit database",
            found: "\(AuditFile(directory: directory).path): its \(ForeignText(String(name))) is not as hoopx makes it",
            hint: "somebody has changed the database's structure: nothing in it can be believed")
    }
}
