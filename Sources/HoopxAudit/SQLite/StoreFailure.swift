import GRDB
import HoopxCore

/// A session that was to begin has the name of one that is recorded.
struct SessionExists: Error {}

extension SQLiteAuditStore {
    /// Says what SQLite said as a person reads it.
    static func explained<Result>(
        _ path: String, _ doing: String, _ body: () throws -> Result
    ) throws(HoopxError) -> Result {
        func damaged(_ found: String) -> HoopxError {
            HoopxError(
                .startup, doing: doing, found: "\(path) is damaged: \(found)",
                hint: "hoopx audit verify tells what was changed")
        }
        do {
            return try body()
        } catch AuditSchemaError.foreignDatabase {
            throw HoopxError(
                .startup, doing: doing, found: "\(path) is an SQLite database of another program",
                hint: "move it away, and hoopx makes a new one")
        } catch AuditSchemaError.newerVersion(let found) {
            throw HoopxError(
                .startup, doing: doing,
                found: "\(path) has format \(found), this hoopx knows formats up to \(AuditSchema.version)",
                hint: "use the newer hoopx that wrote it")
        } catch let error as DamagedRow {
            throw damaged(error.found)
        } catch let error as StoredTree.MissingHash {
            throw damaged("the hash \(error.level == 0 ? "of" : "over those from") leaf \(error.firstLeaf) is missing")
        } catch is SessionExists {
            throw HoopxError(
                .startup, doing: doing, found: "\(path) has a session of the same name", hint: "run it again")
        } catch let error as HoopxError {
            throw error
        } catch {
            // Not the error's own text: it could repeat what was to be stored.
            let reason = (error as? DatabaseError).map { $0.message ?? $0.resultCode.description } ?? "it failed"
            throw HoopxError(.startup, doing: doing, found: "\(path): \(reason)", hint: hint(for: error))
        }
    }

    private static func hint(for error: any Error) -> String? {
        switch (error as? DatabaseError)?.resultCode {
        case .SQLITE_FULL: "free some space on its disk"
        case .SQLITE_NOTADB, .SQLITE_CORRUPT: "move it away, and hoopx makes a new one"
        default: nil
        }
    }
}
