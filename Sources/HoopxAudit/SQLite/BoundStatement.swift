import GRDB
import GRDBSQLite

/// A statement of the writing path, whose values are bound one after the other without a box around each.
struct BoundStatement {
    private let database: Database
    private let statement: OpaquePointer
    private var index: Int32 = 0
    private var failure: Int32 = SQLITE_OK

    /// - Parameter sql: is compiled once for each connection.
    fileprivate init(_ sql: String, _ database: Database) throws {
        self.database = database
        statement = try database.cachedStatement(sql: sql).sqliteStatement
        sqlite3_reset(statement)
    }

    mutating func bind(_ value: Int64?) {
        index += 1
        note(value.map { sqlite3_bind_int64(statement, index, $0) } ?? sqlite3_bind_null(statement, index))
    }

    mutating func bind(_ value: Int32?) { bind(value.map(Int64.init)) }
    mutating func bind(_ value: Bool) { bind(value ? 1 : 0 as Int64) }

    mutating func bind(_ value: String?) {
        index += 1
        guard var value else { return note(sqlite3_bind_null(statement, index)) }
        // No bytes may have no address, which would bind NULL.
        guard !value.isEmpty else { return note(sqlite3_bind_text(statement, index, "", 0, Self.copied)) }
        note(
            value.withUTF8 { bytes in
                bytes.withMemoryRebound(to: CChar.self) { text in
                    sqlite3_bind_text(statement, index, text.baseAddress, Int32(text.count), Self.copied)
                }
            })
    }

    mutating func bind(_ value: UnsafeRawBufferPointer) {
        index += 1
        note(
            value.isEmpty
                ? sqlite3_bind_zeroblob(statement, index, 0)
                : sqlite3_bind_blob64(statement, index, value.baseAddress, UInt64(value.count), Self.copied))
    }

    mutating func bind(_ value: [UInt8]) { value.withUnsafeBytes { bind($0) } }

    mutating func bind(_ value: [UInt8]?) {
        if let value { bind(value) } else { bind(nil as Int64?) }
    }

    /// - Returns: the first column of the first row, if there is one.
    fileprivate func run() throws -> Int64? {
        let code = failure == SQLITE_OK ? sqlite3_step(statement) : failure
        defer { sqlite3_reset(statement) }
        switch code {
        case SQLITE_DONE: return nil
        case SQLITE_ROW:
            return sqlite3_column_type(statement, 0) == SQLITE_NULL ? nil : sqlite3_column_int64(statement, 0)
        default:
            throw DatabaseError(
                resultCode: ResultCode(rawValue: sqlite3_extended_errcode(sqlite3_db_handle(statement))),
                message: database.lastErrorMessage)
        }
    }

    private mutating func note(_ code: Int32) { if failure == SQLITE_OK { failure = code } }

    // SQLite copies it before the call returns.
    private static let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
}

extension Database {
    /// Runs a statement of the writing path.
    ///
    /// - Returns: the first column of the first row, if there is one and it is a number.
    @discardableResult
    func run(_ sql: String, _ bind: (inout BoundStatement) -> Void = { _ in }) throws -> Int64? {
        var statement = try BoundStatement(sql, self)
        bind(&statement)
        return try statement.run()
    }
}
