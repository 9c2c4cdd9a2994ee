import HoopxAudit
import HoopxCore
import HoopxTestSupport
import Testing

@testable import HoopxCredentials
@testable import HoopxSession

/// What is recorded of leases.
struct LeaseAuditTests {
    private func records(_ events: (LeaseAudit, (LeaseEvent) -> Void) throws -> Void) throws -> [LeaseRecord] {
        let directory = try TemporaryDirectory(owner: .current)
        defer { directory.remove() }
        let store = try SQLiteAuditStore(directory: directory.path + "/state")
        let session = SessionRecord(
            id: .generate(day: "20261126"), principal: .localUser(name: "ada", uid: 1),
            arguments: RecordedArguments(["x"]), workingDirectory: "/", program: .init(path: "/x", sha256: nil),
            supervisor: try .current(), startedAt: .now())
        let recorder = try Recorder(beginning: session, in: store)
        let audit = LeaseAudit(recorder: recorder)
        try events(audit, audit.observer(of: "claude"))
        try recorder.close(.exited(status: 0))
        return try store.contents(of: session.id).leases
    }

    private static func lease(_ id: String, for time: Duration? = .seconds(3_600)) -> Lease {
        Lease(.token(Secret("value-of-\(id)")), id: id, expiresAt: time.map { .now + $0 })
    }

    private static func event(_ kind: LeaseEvent.Kind, _ lease: Lease?) -> LeaseEvent {
        LeaseEvent(kind, source: "the test", lease: lease)
    }

    private static let failure = LeaseEvent.Kind.failed(HoopxError(.startup, doing: "x", found: "y"))

    @Test func aLeaseIsRecordedWithItsRenewals() throws {
        let records = try records { _, tell in
            tell(Self.event(.issued, Self.lease("a", for: .seconds(60))))
            tell(Self.event(Self.failure, Self.lease("a", for: .seconds(60))))
            tell(Self.event(.renewed, Self.lease("a", for: .seconds(7_200))))
        }
        let record = try #require(records.first)
        #expect(records.count == 1 && record.id == "a" && record.number == 1)
        #expect(record.connectionName == "claude" && record.source == "the test")
        #expect(record.renewalCount == 1 && record.ending == nil && record.endedAt == nil)
        let left = try #require(record.expiresAt).microseconds - record.issuedAt.microseconds
        #expect((7_100_000_000...7_300_000_000).contains(left))
    }

    @Test func aLeaseThatAnotherTookThePlaceOfIsReplacedAndThenRevoked() throws {
        let (first, second, third) = (Self.lease("a"), Self.lease("b"), Self.lease("c", for: nil))
        let records = try records { _, tell in
            tell(Self.event(.issued, first))
            tell(Self.event(.replaced(id: "a"), second))
            tell(Self.event(.revoked, first))
            tell(Self.event(.replaced(id: "b"), third))
        }
        #expect(records.map(\.id) == ["a", "b", "c"])
        #expect(records.map(\.ending) == [.revoked, .replaced, nil])
        #expect(records.map { $0.endedAt == nil } == [false, false, true])
        #expect(records.last?.expiresAt == nil)
    }

    @Test func aLeaseThatRanOutBeforeTheNextCameHasExpired() throws {
        let records = try records { _, tell in
            tell(Self.event(.issued, Self.lease("a", for: .seconds(-5))))
            tell(Self.event(.issued, Self.lease("b")))
        }
        #expect(records.map(\.ending) == [.expired, nil])
        #expect(records[0].endedAt == records[0].expiresAt)
    }

    @Test func whatASourceDoesNotTakeBackIsSaid() throws {
        let records = try records { audit, tell in
            tell(Self.event(.issued, Self.lease("a")))
            tell(Self.event(.replaced(id: "a"), Self.lease("b")))
            tell(Self.event(Self.failure, Self.lease("a")))
            audit.sessionEnds()
            tell(Self.event(Self.failure, Self.lease("b")))
        }
        #expect(records.map(\.ending) == [.revocationFailed, .revocationFailed])
    }

    @Test func connectionsAreToldApartAndWhatWasNeverIssuedIsNot() throws {
        let records = try records { audit, tell in
            tell(Self.event(.issued, Self.lease("a")))
            audit.observer(of: "other")(Self.event(.issued, Self.lease("b")))
            tell(Self.event(.revoked, Self.lease("c")))
            tell(Self.event(Self.failure, nil))
        }
        #expect(records.map(\.connectionName) == ["claude", "other"])
        #expect(records.map(\.ending) == [nil, nil])
    }
}
