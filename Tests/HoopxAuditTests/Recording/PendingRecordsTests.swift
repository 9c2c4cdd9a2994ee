import HoopxCore
import Testing

@testable import HoopxAudit

@Suite struct PendingRecordsTests {
    @Test func whatComesAgainTakesThePlaceOfWhatWaits() throws {
        var pending = PendingRecords()
        var connection = try Sample.connection(1)
        var isTaken = pending.add(.connection(connection), at: .now())
        connection.duration = 5
        isTaken = pending.add(.request(Sample.request(1)), at: .now()) && isTaken
        isTaken = pending.add(.connection(connection), at: .now()) && isTaken
        #expect(isTaken)
        let entries = pending.take(executions: true).entries
        #expect(entries.count == 2)
        guard case .request = entries.first?.content, case .connection(connection) = entries.last?.content else {
            Issue.record("\(entries)")
            return
        }
        #expect(pending.take(executions: true).entries.isEmpty)
    }

    @Test func whatComesAgainAndAgainTakesNoRoom() throws {
        var pending = PendingRecords()
        for number in 1...Int64(3 * PendingRecords.capacity) {
            var connection = try Sample.connection(number % 3)
            connection.bytesSent = number
            let isTaken = pending.add(.connection(connection), at: .now())
            #expect(isTaken)
        }
        #expect(!pending.hasLostRecords)
        #expect(pending.take(executions: true).entries.count == 3)
    }

    @Test func whatThereIsNoRoomForIsLostAndSaidToBe() {
        var pending = PendingRecords()
        for number in 1...Int64(PendingRecords.capacity) {
            let isTaken = pending.add(.request(Sample.request(number)), at: .now())
            #expect(isTaken)
        }
        #expect(!pending.hasLostRecords)
        let isTaken = pending.add(.request(Sample.request(0)), at: .now())
        #expect(!isTaken)
        #expect(pending.hasLostRecords)
    }

    @Test func longTextsTakeRoomAsManyRecordsDo() {
        var pending = PendingRecords()
        let input = String(repeating: "x", count: ToolUseRecord.maximumInputLength)
        func add() -> Bool {
            pending.add(.toolUse(ToolUseRecord(request: 1, id: "", name: "", input: input)), at: .now())
        }
        let most = PendingRecords.textCapacity / input.utf8.count
        for _ in 0..<most {
            let isTaken = add()
            #expect(isTaken)
        }
        #expect(!pending.hasLostRecords)
        let isOneTooManyTaken = add()
        #expect(!isOneTooManyTaken && pending.hasLostRecords)
        #expect(pending.take(executions: true).entries.count == most)
        let isTaken = add()
        #expect(isTaken, "the room is there again")
    }

    @Test func aLongTextWhosePlaceAnotherTakesTakesNoRoom() {
        var pending = PendingRecords()
        for _ in 0..<3 {
            var request = Sample.request(1)
            request.model = String(repeating: "m", count: PendingRecords.textCapacity / 2)
            let isTaken = pending.add(.request(request), at: .now())
            #expect(isTaken)
        }
        #expect(!pending.hasLostRecords)
    }
}
