import HoopxCore
import Testing

@testable import HoopxAudit

@Suite struct PendingRecordsTests {
    @Test func whatCameSinceABatchWasTakenIsNewerThanTheBatch() throws {
        var pending = PendingRecords()
        var facts = SessionFacts()
        (facts.datagramTier, facts.programDigest) = ("old", "0f")
        pending.facts = facts
        let first = Timestamp(microseconds: 1)
        _ = pending.add(try Sample.connection(1))
        _ = pending.add(Sample.request(1))
        _ = pending.add(Sample.request(2))
        _ = pending.add(Sample.lease(1))
        _ = pending.add(Sample.lease(2))
        pending.add(DenialRecord(denial: Sample.denial(), count: 1, firstAt: first, lastAt: first))
        pending.add({ Sample.execution(1) }, counts: ExecutionCounts(recorded: 1))
        var batch = pending.take()
        batch.executions = pending.takeExecutions().map { $0() }
        #expect(pending.take().isEmpty)

        var connection = try Sample.connection(1)
        connection.duration = 5
        var request = Sample.request(1)
        request.status = 200
        let denial = DenialRecord(denial: Sample.denial(), count: 2, firstAt: first, lastAt: first)
        _ = pending.add(connection)
        _ = pending.add(request)
        _ = pending.add(Sample.lease(2, ending: .replaced))
        pending.add(denial)
        pending.add({ Sample.execution(2) }, counts: ExecutionCounts(recorded: 2))
        pending.facts.datagramTier = "new"
        pending.putBack(batch)

        let both = pending.take()
        #expect(both.connections == [connection])
        #expect(both.requests == [request, Sample.request(2)])
        #expect(both.leases == [Sample.lease(1), Sample.lease(2, ending: .replaced)])
        #expect(both.denials == [denial])
        #expect(pending.takeExecutions().map { $0() } == [Sample.execution(1), Sample.execution(2)])
        #expect(both.executionCounts == ExecutionCounts(recorded: 2))
        #expect(both.facts.datagramTier == "new")
        #expect(both.facts.programDigest == "0f")
    }
}
