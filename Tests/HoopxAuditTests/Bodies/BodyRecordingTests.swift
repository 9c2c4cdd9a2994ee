import Foundation
import GRDB
import HoopxCore
import HoopxTestSupport
import Testing

@testable import HoopxAudit

@Suite struct BodyRecordingTests {
    @Test func aBodyReadsBackAsItCame() async throws {
        try await withStore { store, _ in
            let recorder = try Recorder(beginning: try Sample.session(), in: store)
            var random = SeededGenerator(seed: 3)
            let pieces = (0..<200).map { _ in
                (0..<Int.random(in: 1...900, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
            }
            let body = recorder.body(of: 1, .response)
            for (index, piece) in pieces.enumerated() { body.append(piece, at: Int64(index * index)) }
            body.finish()
            recorder.record(Sample.ended(1))
            try recorder.flush()
            let stored = try #require(try store.body(BodyKey(request: 1, direction: .response), of: recorder.session))
            #expect(stored.bytes == pieces.flatMap(\.self))
            #expect(stored.recorded.truncation == nil)
            #expect(stored.timings.pieces.map(\.length) == pieces.map { Int64($0.count) })
            #expect(stored.timings.pieces.map(\.time) == (0..<200).map { Int64($0 * $0) })
            #expect(try store.body(BodyKey(request: 1, direction: .request), of: recorder.session) == nil)
        }
    }

    /// So that nobody can change a body that the log does not show.
    @Test func theEventsSayWhatTheBodiesAre() async throws {
        try await withStore { store, _ in
            let recorder = try Recorder(beginning: try Sample.session(), in: store)
            let request = recorder.body(of: 1, .request)
            request.append(Array("abc".utf8), at: 0)
            request.finish()
            await recorder.recordBeforeEgress(Sample.request(1))
            let response = recorder.body(of: 1, .response)
            response.finish()
            recorder.record(Sample.ended(1))
            try recorder.flush()
            let events = try store.decodedEvents(of: recorder.session)
            let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
            let nothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
            #expect(
                events.map(\.content).contains(
                    .request(
                        Sample.request(1),
                        RecordedBodies(request: RecordedBody(length: 3, sha256: abc, truncation: nil)))))
            #expect(
                events.map(\.content).contains(
                    .response(
                        Sample.ended(1).outcome,
                        RecordedBodies(response: RecordedBody(length: 0, sha256: nothing, truncation: nil)))))
        }
    }

    /// An upload that goes on while its request is under way already.
    @Test func aBodyThatWasNotOverWhenItsRequestWasRecordedStandsInTheEnd() async throws {
        try await withStore { store, _ in
            let recorder = try Recorder(beginning: try Sample.session(), in: store)
            let body = recorder.body(of: 1, .request)
            body.append([1], at: 0)
            await recorder.recordBeforeEgress(Sample.request(1))
            body.append([2], at: 1)
            body.finish()
            recorder.record(Sample.ended(1))
            try recorder.flush()
            let bodies = try store.decodedEvents(of: recorder.session).compactMap { event -> RecordedBodies? in
                switch event.content {
                case .request(_, let bodies), .response(_, let bodies): bodies
                default: nil
                }
            }
            #expect(bodies.map { $0.request?.length } == [nil, 2])
            #expect(try store.body(BodyKey(request: 1, direction: .request), of: recorder.session)?.bytes == [1, 2])
        }
    }

    @Test func aBodyThatIsTooLongIsCutAndSaysSoAndNothingElseSuffers() async throws {
        try await withStore { store, _ in
            let settings = AuditSettings(bodyCapacity: 10)
            let recorder = try Recorder(beginning: try Sample.session(), in: store, settings: settings)
            let body = recorder.body(of: 1, .response)
            for _ in 0..<3 { body.append([1, 2, 3, 4], at: 5) }
            #expect(!body.isTaking)
            body.append([5], at: 6)
            body.finish()
            let other = recorder.body(of: 1, .request)
            other.append([7], at: 0)
            other.finish()
            recorder.record(Sample.ended(1))
            try recorder.flush()
            let stored = try #require(try store.body(BodyKey(request: 1, direction: .response), of: recorder.session))
            #expect(stored.bytes == [1, 2, 3, 4, 1, 2, 3, 4, 1, 2])
            #expect(stored.recorded.truncation == .limit)
            let whole = try store.body(BodyKey(request: 1, direction: .request), of: recorder.session)
            #expect(whole?.recorded.truncation == nil)
            #expect(!recorder.isFailed)
        }
    }

    @Test func aBodyWhoseRequestEndsBeforeItIsIncomplete() async throws {
        try await withStore { store, _ in
            let recorder = try Recorder(beginning: try Sample.session(), in: store)
            let (first, second) = (recorder.body(of: 1, .response), recorder.body(of: 2, .response))
            first.append([1], at: 0)
            second.append([2], at: 0)
            recorder.record(Sample.ended(1))
            try recorder.flush()
            first.append([3], at: 1)
            try recorder.close(.exited(status: 0))
            for number in [1, 2] as [Int64] {
                let key = BodyKey(request: number, direction: .response)
                let stored = try #require(try store.body(key, of: recorder.session))
                #expect(stored.bytes == [UInt8(number)] && stored.recorded.truncation == .incomplete)
            }
        }
    }

    @Test func aStoreThatIsTooSlowTruncatesBodiesAndHoldsUpNothing() throws {
        let store = ScriptedStore()
        let recorder = try Recorder(beginning: try Sample.session(), in: store)
        store.hold()
        let piece = [UInt8](repeating: 1, count: 1 << 20)
        let bodies = (1...20).map { recorder.body(of: $0, .response) }
        for body in bodies {
            for _ in 0..<16 { body.append(piece, at: 0) }
        }
        let taken = bodies.count { $0.isTaking }
        #expect(taken < bodies.count)
        store.release()
        for body in bodies { body.finish() }
        try recorder.flush()
        let ends = store.bodies.compactMap(\.end?.body)
        #expect(ends.count == 20)
        #expect(ends.contains { $0.truncation == .store } && ends.contains { $0.truncation == nil })
        let stored = ends.reduce(0) { $0 + $1.length }
        #expect(stored <= Int64(BodyInbox.capacity + 20 << 20))
        // What was written makes room.
        let next = recorder.body(of: 21, .response)
        next.append(piece, at: 0)
        #expect(next.isTaking)
    }

    @Test func aLongDownloadTakesNoMemory() async throws {
        try await withStore { store, _ in
            let recorder = try Recorder(beginning: try Sample.session(), in: store)
            let body = recorder.body(of: 1, .response)
            let piece = (0..<65_536).map { UInt8(truncatingIfNeeded: $0 &* $0 >> 7) }
            let before = try residentSize()
            for index in 0..<16_384 { body.append(piece, at: Int64(index)) }
            #expect(try residentSize() - before < 64 << 20)
            body.finish()
            recorder.record(Sample.ended(1))
            try recorder.flush()
            let stored = try #require(try store.body(BodyKey(request: 1, direction: .response), of: recorder.session))
            #expect(stored.bytes.count == AuditSettings.standardBodyCapacity && stored.recorded.truncation == .limit)
        }
    }

    @Test func whereBodiesAreNotRecordedNothingOfThemIsStored() async throws {
        try await withStore { store, _ in
            let settings = AuditSettings(recordsBodies: false)
            let recorder = try Recorder(beginning: try Sample.session(), in: store, settings: settings)
            let body = recorder.body(of: 1, .response)
            #expect(!body.isTaking)
            body.append([1], at: 0)
            body.finish()
            recorder.record(Sample.ended(1))
            try recorder.flush()
            #expect(try store.body(BodyKey(request: 1, direction: .response), of: recorder.session) == nil)
            let rows = try store.queue.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM chunk") }
            #expect(rows == 0)
        }
    }

    @Test func whatTheCommandWritesToItsTerminalIsOfTheSession() async throws {
        try await withStore { store, _ in
            let recorder = try Recorder(beginning: try Sample.session(), in: store)
            let terminal = recorder.terminalRecording(columns: 80, rows: 24)
            terminal.append(Array("[0.1, \"o\", \"$ \"]\n".utf8), at: 100_000)
            terminal.append(Array("[0.2, \"o\", \"ls\"]\n".utf8), at: 200_000)
            terminal.finish()
            try recorder.close(.exited(status: 0))
            let reader = SessionReader(store)
            let record = try #require(try reader.show(recorder.session.description).terminal)
            let stored = try #require(try reader.terminal(of: recorder.session))
            #expect(record.columns == 80 && record.rows == 24 && record.duration == 200_000)
            #expect(record.body == stored.recorded && stored.recorded.truncation == nil)
            #expect(String(decoding: stored.bytes, as: UTF8.self).hasSuffix("\"ls\"]\n"))
            try expectSoundLog(store)
        }
    }

    @Test(arguments: [
        "UPDATE chunk SET content = zeroblob(length(content))", "DELETE FROM chunk WHERE id = 1",
        "UPDATE body SET chunks = x'80'", "UPDATE body SET timings = x'80'", "UPDATE body SET length = length + 1",
        "UPDATE body SET truncation = 'x'", "UPDATE body SET sha256 = ''", "UPDATE chunk SET base = 77",
        "UPDATE chunk SET base = id",
    ])
    func aBodyThatIsNotWhatWasStoredIsNotGivenOut(change: String) async throws {
        try await withStore { store, _ in
            let recorder = try Recorder(beginning: try Sample.session(), in: store)
            let body = recorder.body(of: 1, .response)
            body.append((0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* $0 >> 9) }, at: 1)
            body.finish()
            recorder.record(Sample.ended(1))
            try recorder.flush()
            try store.queue.write { try $0.execute(sql: change) }
            let key = BodyKey(request: 1, direction: .response)
            let error = #expect(throws: HoopxError.self) { try store.body(key, of: recorder.session) }
            #expect(error?.found.contains("is damaged") == true)
        }
    }

    @Test(arguments: ["UPDATE body SET content = zeroblob(9)", "UPDATE body SET content = NULL"])
    func aSmallBodyThatIsNotWhatWasStoredIsNotGivenOut(change: String) async throws {
        try await withStore { store, _ in
            let recorder = try Recorder(beginning: try Sample.session(), in: store)
            let body = recorder.body(of: 1, .response)
            body.append(Array("small".utf8), at: 1)
            body.finish()
            recorder.record(Sample.ended(1))
            try recorder.flush()
            let key = BodyKey(request: 1, direction: .response)
            #expect(try store.body(key, of: recorder.session)?.bytes == Array("small".utf8))
            try store.queue.write { try $0.execute(sql: change) }
            #expect(throws: HoopxError.self) { try store.body(key, of: recorder.session) }
        }
    }

    private func residentSize() throws -> Int {
        let fields = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8).split(separator: " ")
        return try #require(Int(fields[1])) * 4_096
    }
}
