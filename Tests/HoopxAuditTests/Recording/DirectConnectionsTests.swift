import HoopxCore
import HoopxTestSupport
import Testing

@testable import HoopxAudit

@Suite struct DirectConnectionsTests {
    private static let socket = ConnectionRecord.Endpoint.unixSocket(path: "/run/docker.sock")

    @Test func eachIsRecordedWithItsProcess() async throws {
        try await withStore { store, _ in
            let recorder = try Recorder(beginning: try Sample.session(), in: store)
            for pid in [7, 8] as [Int32] {
                recorder.recordDirect(to: Self.socket, rule: "egress.unix", pid: pid, command: "docker")
            }
            try recorder.flush()
            let connections = try store.contents(of: recorder.session).connections
            #expect(connections.map(\.number) == [1, 2] && connections.map(\.pid) == [7, 8])
            for connection in connections {
                #expect(connection.destination == Self.socket && connection.verdict == .direct(rule: "egress.unix"))
                #expect(connection.command == "docker" && connection.count == 1 && connection.duration == nil)
            }
        }
    }

    @Test func aFloodDoesNotFillTheDisk() async throws {
        try await withStore { store, _ in
            let recorder = try Recorder(beginning: try Sample.session(), in: store)
            let apart = DirectConnections.capacity
            for _ in 0..<apart + 1_000 {
                recorder.recordDirect(to: Self.socket, rule: "egress.unix", pid: 7, command: "docker")
            }
            for number in 0..<3_000 {
                let address = try #require(IPAddress("127.0.\(number / 250).\(number % 250)"))
                recorder.recordDirect(
                    to: .host(Destination(host: .address(address), port: 5432)), rule: "egress.loopback", pid: 7,
                    command: "psql")
            }
            try recorder.flush()
            let connections = try store.contents(of: recorder.session).connections
            #expect(connections.count == apart + 2)
            let counted = connections.suffix(2)
            #expect(counted.map(\.destination.description) == ["/run/docker.sock", "127.0.0.1:5432"])
            #expect(counted.map(\.count) == [1_000, 3_000])
            #expect(counted.map(\.verdict) == [.direct(rule: "egress.unix"), .direct(rule: "egress.loopback")])
            #expect(counted.allSatisfy { $0.pid == nil && $0.command == nil })
            #expect(try store.sessions(limit: 1).first?.connectionCount == Int64(apart) + 4_000)
            try expectSoundLog(store)
        }
    }

    @Test func aFloodThatGoesOnDoesNotFillTheLog() throws {
        var connections = DirectConnections()
        var last: Int64 = 0
        let start: Int64 = 1_795_396_827_000_000
        func add(at time: Timestamp) -> ConnectionRecord? {
            let connection = DirectConnection(destination: Self.socket, rule: "egress.unix", pid: 7, command: "docker")
            return connections.add(connection, at: time) {
                last += 1
                return last
            }
        }
        for _ in 0..<DirectConnections.capacity { #expect(add(at: Timestamp(microseconds: start)) != nil) }
        #expect(!connections.hasUntold)
        var told: [ConnectionRecord] = []
        for second in 0..<Int64(86_400) {
            let now = Timestamp(microseconds: start + second * 1_000_000)
            #expect(add(at: now) == nil)
            told += connections.takeDue(at: now, all: false)
        }
        #expect((10...200).contains(told.count), "\(told.count)")
        #expect(told.first?.count == 1)
        told += connections.takeDue(at: Timestamp(microseconds: start), all: true)
        #expect(told.last?.count == 86_400)
        #expect(Set(told.map(\.number)) == [Int64(DirectConnections.capacity) + 1])
        #expect(told.last?.openedAt == Timestamp(microseconds: start))
        #expect(!connections.hasUntold)
    }

    @Test func theLastOfAFloodAreToldWithoutAFlush() async throws {
        try await withStore { store, _ in
            let recorder = try Recorder(beginning: try Sample.session(), in: store)
            func connect() { recorder.recordDirect(to: Self.socket, rule: "egress.unix", pid: 7, command: "docker") }
            func counted() throws -> Int64? {
                try store.contents(of: recorder.session).connections.dropFirst(DirectConnections.capacity).first?.count
            }
            for _ in 0...DirectConnections.capacity { connect() }
            try await eventually("the first that is counted") { try counted() == 1 }
            connect()
            try await eventually("the next") { try counted() == 2 }
            // Within a second of the last that was told.
            connect()
            try await eventually("the last") { try counted() == 3 }
        }
    }
}
