import HoopxCore
import HoopxTestSupport
import Testing

@testable import HoopxAudit

@Suite struct SessionReaderTests {
    @Test func theNewestSessionsComeFirst() async throws {
        try await withStore { store, _ in
            for (index, name) in ["20261123-aaaaaaaa", "20261122-bbbbbbbb", "20261124-cccccccc"].enumerated() {
                try store.begin(try Sample.session(name, startedAt: Int64(index)))
            }
            let reader = SessionReader(store)
            let names = try reader.list(limit: 2).map(\.record.id.description)
            #expect(names == ["20261124-cccccccc", "20261122-bbbbbbbb"])
            #expect(try reader.list(limit: 0).isEmpty)
            #expect(try reader.list(limit: 100).count == 3)
        }
    }

    @Test(arguments: ["20261123-abcdefgh", "20261123-a", "abcdefgh", "ab", "AB", "20261123-ABCDEFGH"])
    func theOnlySessionWhoseNameBeginsSoIsShown(name: String) async throws {
        try await withStore { store, _ in
            let session = try Sample.session("20261123-abcdefgh")
            try store.begin(session)
            try store.begin(try Sample.session("20261123-zbcdefgh"))
            var batch = RecordBatch()
            (batch.connections, batch.requests) = ([try Sample.connection(1)], [Sample.request(1)])
            try store.write(batch, of: session.id)
            let details = try SessionReader(store).show(name)
            #expect(details.summary.record == session)
            #expect(details.connections == batch.connections)
            #expect(details.requests == batch.requests)
            #expect(details.denials.isEmpty)
        }
    }

    @Test(arguments: ["20261124", "zz", "%", "_", "' OR 1=1 --", "20261123-abcdefghx"])
    func aNameThatNoSessionHasIsAUsageError(name: String) async throws {
        try await withStore { store, _ in
            try store.begin(try Sample.session("20261123-abcdefgh"))
            let error = #expect(throws: HoopxError.self) { try SessionReader(store).show(name) }
            #expect(error?.kind == .usage)
            #expect(error?.hint == "hoopx sessions list shows the names")
        }
    }

    @Test(arguments: ["20261123", "", "2"])
    func anAmbiguousNameIsAnsweredWithTheChoices(name: String) async throws {
        try await withStore { store, _ in
            for index in 1...7 {
                try store.begin(try Sample.session("20261123-\(index)bcdefgh", startedAt: Int64(index)))
            }
            let error = #expect(throws: HoopxError.self) { try SessionReader(store).show(name) }
            let isShort = name == "2"
            #expect(error?.hint?.contains("20261123-7bcdefgh, 20261123-6bcdefgh") == true, "\(isShort)")
            #expect(error?.hint?.hasSuffix(", ...") == true)
        }
    }

    @Test func aSessionWhoseHoopxIsGoneIsInterrupted() async throws {
        try await withStore { store, _ in
            let own = try SupervisorProcess.current()
            let gone = SupervisorProcess(
                pid: own.pid, startTicks: own.startTicks - 1, bootID: own.bootID, pidNamespace: own.pidNamespace)
            let hidden = SupervisorProcess(
                pid: own.pid, startTicks: own.startTicks, bootID: own.bootID, pidNamespace: "pid:[1]")
            let interrupted = try Sample.session("20261123-aaaaaaaa", startedAt: 4, supervisor: gone)
            try store.begin(interrupted)
            try store.begin(try Sample.session("20261123-bbbbbbbb", startedAt: 3))
            try store.begin(try Sample.session("20261123-cccccccc", startedAt: 2, supervisor: hidden))
            let ended = try Sample.session("20261123-dddddddd", startedAt: 1, supervisor: gone)
            try store.begin(ended)
            try store.end(ended.id, .killed(signal: 9), at: .now())

            let states: [SessionState] = [.interrupted, .running, .unknown, .ended]
            let reader = SessionReader(store)
            #expect(try reader.list(limit: 9).map(\.record.state) == states)
            #expect(try store.closeInterruptedSessions() == [interrupted.id])
            #expect(try reader.list(limit: 9).map(\.record.state) == states)
            let record = try reader.show("aaaa").summary.record
            #expect(record.ending == .interrupted)
            #expect(record.endedAt == nil)
            #expect(try store.closeInterruptedSessions().isEmpty)
        }
    }
}
