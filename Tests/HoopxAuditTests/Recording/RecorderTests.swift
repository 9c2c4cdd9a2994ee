import HoopxCore
import HoopxTestSupport
import Synchronization
import Testing

@testable import HoopxAudit

@Suite struct RecorderTests {
    @Test func theSessionIsStoredBeforeAnythingHappensInIt() async throws {
        try await withStore { store, _ in
            let recorder = try Recorder(beginning: try Sample.session(), in: store)
            #expect(try store.sessions(limit: 1).first?.record == (try Sample.session()))
            #expect(recorder.session == (try Sample.session()).id)
        }
    }

    @Test func whatWasRecordedIsStoredAfterAFlush() async throws {
        try await withStore { store, _ in
            let recorder = try Recorder(beginning: try Sample.session(), in: store)
            recorder.record(try Sample.connection(1))
            recorder.record(Sample.request(1))
            recorder.record(Sample.denial())
            recorder.record(datagramTier: "namespace")
            try recorder.flush()
            let contents = try store.contents(of: recorder.session)
            #expect(contents.connections == [try Sample.connection(1)])
            #expect(contents.requests == [Sample.request(1)])
            #expect(contents.denials.map(\.denial) == [Sample.denial()])
            #expect(try store.sessions(limit: 1).first?.record.datagramTier == "namespace")
            #expect(!recorder.isFailed)
        }
    }

    @Test func nobodyNeedsToFlush() async throws {
        try await withStore { store, _ in
            let recorder = try Recorder(beginning: try Sample.session(), in: store)
            recorder.record(Sample.request(1))
            try await eventually("the request") { try store.contents(of: recorder.session).requests.count == 1 }
            recorder.record(Sample.request(2))
            try await eventually("the next") { try store.contents(of: recorder.session).requests.count == 2 }
        }
    }

    @Test func theEndOfAConnectionIsStoredWithoutAFlush() async throws {
        try await withStore { store, _ in
            let recorder = try Recorder(beginning: try Sample.session(), in: store)
            var connection = try Sample.connection(1)
            connection.duration = nil
            recorder.record(connection)
            try await eventually("its beginning") { try !store.contents(of: recorder.session).connections.isEmpty }
            connection.duration = 5
            recorder.record(connection)
            try await eventually("its end") {
                try store.contents(of: recorder.session).connections.map(\.duration) == [5]
            }
        }
    }

    @Test func recordingDoesNotWaitForTheStore() throws {
        let store = ScriptedStore()
        let recorder = try Recorder(beginning: try Sample.session(), in: store)
        store.hold()
        for number in 1...1_000 { recorder.record(Sample.request(Int64(number))) }
        #expect(store.written.requests.isEmpty)
        store.release()
        try recorder.flush()
        #expect(store.written.requests.count == 1_000)
    }

    @Test func whatHappensWithinAMomentIsWrittenTogether() throws {
        let store = ScriptedStore()
        let recorder = try Recorder(beginning: try Sample.session(), in: store)
        store.hold()
        for number in 1...100 {
            recorder.record(Sample.request(Int64(number)))
            var ended = Sample.request(Int64(number))
            ended.status = 200
            recorder.record(ended)
        }
        store.release()
        try recorder.flush()
        #expect(store.written.requests.count == 100)
        #expect(store.written.requests.allSatisfy { $0.status == 200 })
        #expect(store.written.requests.map(\.number) == (1...100).map(Int64.init))
    }

    @Test func closingWritesWhatIsLeftAndEndsTheSession() async throws {
        try await withStore { store, _ in
            let recorder = try Recorder(beginning: try Sample.session(), in: store)
            recorder.record(Sample.request(1))
            try recorder.close(.exited(status: 3))
            recorder.record(Sample.request(2))
            try recorder.flush()
            let details = try SessionReader(store).show(recorder.session.description)
            #expect(details.requests.map(\.number) == [1])
            #expect(details.summary.record.ending == .exited(status: 3))
            #expect(details.summary.record.endedAt != nil)
        }
    }

    @Test func numbersAreGivenOnce() async throws {
        let recorder = try Recorder(beginning: try Sample.session(), in: ScriptedStore())
        let numbers = await withTaskGroup(of: [Int64].self) { group in
            for _ in 0..<8 { group.addTask { (0..<100).map { _ in recorder.nextRequestNumber() } } }
            return await group.reduce(into: []) { $0 += $1 }
        }
        #expect(numbers.sorted() == (1...800).map(Int64.init))
        #expect(recorder.nextConnectionNumber() == 1)
    }

    // MARK: a store that fails

    @Test func aFailureShowsAndNothingIsLostOnceTheStoreWorksAgain() async throws {
        let store = ScriptedStore()
        let recorder = try Recorder(beginning: try Sample.session(), in: store)
        store.fails = true
        recorder.record(try Sample.connection(1))
        recorder.record(Sample.request(1))
        recorder.record(Sample.denial())
        recorder.record(datagramTier: "namespace")
        recorder.record(programDigest: "0f")
        let error = #expect(throws: HoopxError.self) { try recorder.flush() }
        #expect(error == ScriptedStore.failure)
        #expect(recorder.isFailed)
        #expect(recorder.failure == ScriptedStore.failure)
        var ended = Sample.request(1)
        ended.status = 200
        recorder.record(ended)
        recorder.record(Sample.denial())
        store.fails = false
        try await eventually("a new attempt") { !recorder.isFailed }
        try recorder.flush()
        #expect(recorder.failure == nil)
        #expect(store.written.connections.count == 1)
        #expect(store.written.requests == [ended])
        #expect(store.written.denials.map(\.count) == [2])
        let starts = store.events.compactMap { if case .sessionStart(let record) = $0.content { record } else { nil } }
        #expect(starts.last?.datagramTier == "namespace")
        #expect(starts.last?.program.sha256 == "0f")
    }

    @Test func aSessionThatCannotBeStoredDoesNotBegin() throws {
        let store = ScriptedStore()
        store.fails = true
        #expect(throws: HoopxError.self) { try Recorder(beginning: try Sample.session(), in: store) }
    }

    @Test func closingSaysWhatWasLostAndEndsTheSessionNevertheless() throws {
        let store = ScriptedStore()
        let recorder = try Recorder(beginning: try Sample.session(), in: store)
        store.failsWrites = true
        recorder.record(Sample.request(1))
        #expect(throws: HoopxError.self) { try recorder.close(.failed) }
        #expect(store.ending == .failed)
    }

    @Test func aStoreThatDoesNotKeepUpIsAFailureForGood() throws {
        let store = ScriptedStore()
        let recorder = try Recorder(beginning: try Sample.session(), in: store)
        store.hold()
        // One batch can be in the store's hands already.
        for number in 1...(2 * PendingRecords.capacity + 1) where !recorder.isFailed {
            recorder.record(Sample.request(Int64(number)))
        }
        #expect(recorder.isFailed)
        store.release()
        #expect(throws: HoopxError.self) { try recorder.flush() }
        #expect(recorder.isFailed)
        #expect(recorder.failure == PendingRecords.overflow)
    }

    // MARK: executions

    @Test func noRequestIsLetOutForWhatWasWrittenBeforeIt() async throws {
        let store = ScriptedStore()
        let recorder = try Recorder(beginning: Sample.session(), in: store)
        // More than the writer may keep: each quote is two bytes of an event.
        let input = String(repeating: "\"", count: ToolUseRecord.maximumInputLength)
        recorder.queue.suspend()
        for number in 0..<(PendingRecords.textCapacity / input.utf8.count * 3 / 4) {
            recorder.record(ToolUseRecord(request: 1, id: "\(number)", name: "t", input: input))
        }
        store.hold()
        recorder.queue.resume()
        try await eventually("the first turn") { store.attempts == 2 }
        // It comes while that turn, which is to fail, is under way.
        let isStored = Mutex<Bool?>(nil)
        recorder.recordBeforeEgress(Sample.request(7)) { error in
            let isThere = store.written.requests.contains { $0.number == 7 }
            isStored.withLock { $0 = error == nil && isThere }
        }
        store.failuresLeft = 1
        store.release()
        try await eventually("the answer") { isStored.withLock { $0 } != nil }
        #expect(isStored.withLock { $0 } == true)
        try recorder.flush()
    }

    @Test func executionsAreStoredAndMissesCounted() async throws {
        try await withStore { store, _ in
            let recorder = try Recorder(beginning: try Sample.session(), in: store)
            #expect(recorder.nextExecutionNumber() == 1)
            recorder.recordExecution(size: 1) { Sample.execution(1) }
            recorder.recordMissedExecution()
            try recorder.flush()
            recorder.recordExecution(size: 1) { Sample.execution(2, ["tool", "--password", "hunter2"]) }
            try recorder.flush()
            let details = try SessionReader(store).show(recorder.session.description)
            #expect(details.executions.map(\.arguments.words) == [["ls", "-l"], ["tool", "--password", "***"]])
            #expect(details.executionCounts == ExecutionCounts(recorded: 2, missed: 1))
        }
    }

    @Test func executionsAreStoredWithoutAFlush() async throws {
        try await withStore { store, _ in
            let recorder = try Recorder(beginning: try Sample.session(), in: store)
            recorder.recordExecution(size: 1) { Sample.execution(1) }
            try await eventually("the execution") { try store.contents(of: recorder.session).executions.count == 1 }
            recorder.recordExecution(size: 1) { Sample.execution(2) }
            try await eventually("the next") { try store.contents(of: recorder.session).executions.count == 2 }
        }
    }

    @Test func executionsThatTheStoreDoesNotKeepUpWithAreCountedAndNothingFails() throws {
        let store = ScriptedStore()
        let recorder = try Recorder(beginning: try Sample.session(), in: store)
        store.hold()
        let count = Int64(3 * PendingRecords.executionCapacity)
        for number in 1...count { recorder.recordExecution(size: 1) { Sample.execution(number) } }
        #expect(!recorder.isFailed)
        store.release()
        try recorder.flush()
        let counts = try #require(store.written.executionCounts)
        #expect(counts.recorded + counts.unrecorded == count && counts.unrecorded > 0, "\(counts)")
        #expect(store.written.executions.count == Int(counts.recorded))
    }

    // MARK: denials

    @Test func denialsAreCounted() async throws {
        try await withStore { store, _ in
            let recorder = try Recorder(beginning: try Sample.session(), in: store)
            for _ in 0..<3 { recorder.record(Sample.denial()) }
            try recorder.flush()
            for _ in 0..<4 { recorder.record(Sample.denial()) }
            recorder.record(Sample.denial("a connection to other.example:443"))
            try recorder.flush()
            let denials = try store.contents(of: recorder.session).denials
            #expect(denials.map(\.count) == [7, 1])
            #expect(denials.allSatisfy { $0.firstAt <= $0.lastAt })
            #expect(try store.sessions(limit: 1).first?.denialCount == 8)
        }
    }

    @Test func aSprayOfDestinationsDoesNotFillTheDisk() async throws {
        try await withStore { store, _ in
            let recorder = try Recorder(beginning: try Sample.session(), in: store)
            // As the policy words them: what to do next has the destination in it too.
            func denial(_ number: Int) -> Denial {
                Sample.denial(
                    "a connection to \(number).example:443", hint: "add \"\(number).example:443\" to egress.tunnel")
            }
            for number in 0..<5_000 { recorder.record(denial(number)) }
            recorder.record(denial(0))
            try recorder.flush()
            let denials = try store.contents(of: recorder.session).denials
            #expect(denials.count == DenialCounts.capacity + 1)
            #expect(denials.reduce(0) { $0 + $1.count } == 5_001)
            #expect(denials.map(\.count).max() == 4_000)
        }
    }
}
