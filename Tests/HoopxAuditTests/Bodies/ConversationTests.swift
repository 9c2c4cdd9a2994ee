import GRDB
import HoopxCore
import HoopxTestSupport
import Testing

@testable import HoopxAudit

/// An agent's conversation: each request has all that was said before, and the newest message behind it.
@Suite struct ConversationTests {
    @Test func aConversationTakesLittleMoreThanItsLastRequest() async throws {
        try await withStore { store, _ in
            let recorder = try Recorder(beginning: try Sample.session(), in: store)
            try recorder.flush()
            let before = try size(store)
            var conversation = Conversation(seed: 4)
            var last: [UInt8] = []
            for turn in 1...100 {
                last = conversation.nextRequest()
                let number = recorder.nextRequestNumber()
                let body = recorder.body(of: number, .request)
                body.append(last, at: 0)
                body.finish()
                await recorder.recordBeforeEgress(Sample.request(number))
                recorder.record(Sample.ended(number))
                if turn.isMultiple(of: 10) { try recorder.flush() }
            }
            try recorder.close(.exited(status: 0))
            let growth = try size(store) - before
            let ratio = Double(growth) / Double(last.count)
            print("A conversation of 100 turns: last body \(last.count) bytes, growth \(growth), ratio \(ratio)")
            #expect(ratio <= 1.3)
            for number in [1, 50, 100] as [Int64] {
                let key = BodyKey(request: number, direction: .request)
                #expect(try store.body(key, of: recorder.session)?.recorded.truncation == nil)
            }
            let stored = try store.body(BodyKey(request: 100, direction: .request), of: recorder.session)
            #expect(stored?.bytes == last)
        }
    }

    private func size(_ store: SQLiteAuditStore) throws -> Int {
        try store.queue.read { database in
            let pages = try #require(try Int.fetchOne(database, sql: "PRAGMA page_count"))
            return try pages * #require(try Int.fetchOne(database, sql: "PRAGMA page_size"))
        }
    }
}
