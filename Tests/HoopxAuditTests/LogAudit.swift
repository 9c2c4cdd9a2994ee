import GRDB
import HoopxCore
import HoopxTransparency
import Testing

@testable import HoopxAudit

/// Expects that a log is what a log has to be, and that the tables are what its events say.
func expectSoundLog(_ store: SQLiteAuditStore, sourceLocation: SourceLocation = #_sourceLocation) throws {
    let made = try DatabaseQueue()
    try made.writeWithoutTransaction { try AuditSchema.migrate($0) }
    try store.queue.read { stored in
        var frontier = TreeFrontier()
        var nodes: [TreeNode] = []
        var sequences: [SessionID: Int64] = [:]
        for row in try Row.fetchAll(stored, sql: "SELECT * FROM event ORDER BY leaf") {
            let event = try EventRow.event(row)
            #expect(event.leaf == frontier.size, sourceLocation: sourceLocation)
            #expect(event.sequence == sequences[event.session, default: 0] + 1, sourceLocation: sourceLocation)
            sequences[event.session] = event.sequence
            let payload = try #require(event.payload, sourceLocation: sourceLocation)
            let leafHash = TreeHash(leaf: payload)
            #expect(leafHash.bytes == event.leafHash, sourceLocation: sourceLocation)
            nodes += frontier.append(leafHash)
            let read = try AuditEvent(payload: payload)
            #expect(read.kind.rawValue == event.kind && read.moment.time == event.time, sourceLocation: sourceLocation)
            try made.writeWithoutTransaction { try Projection.apply(read, to: $0) }
        }
        let state = try Row.fetchOne(stored, sql: "SELECT frontier FROM log_state")
        #expect(state?.bytes("frontier") == frontier.bytes, sourceLocation: sourceLocation)
        let nodeCount = try Int.fetchOne(stored, sql: "SELECT count(*) FROM tree_node")
        #expect(nodeCount == nodes.count, sourceLocation: sourceLocation)
        for table in Projection.tables {
            // Those that this hoopx knows.
            let columns = try made.read { try $0.columns(in: table).map(\.name).joined(separator: ", ") }
            let sql = "SELECT \(columns) FROM \(table) ORDER BY 1, 2, 3"
            let expected = try made.read { try Row.fetchAll($0, sql: sql) }
            #expect(try Row.fetchAll(stored, sql: sql) == expected, "\(table)", sourceLocation: sourceLocation)
        }
    }
}

extension DatabaseQueue {
    /// Runs a statement where it stands, also among asynchronous calls.
    func run(_ sql: String) throws { try writeWithoutTransaction { try $0.execute(sql: sql) } }
}
