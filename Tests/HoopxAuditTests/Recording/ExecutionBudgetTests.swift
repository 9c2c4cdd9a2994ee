import Testing

@testable import HoopxAudit

@Suite struct ExecutionBudgetTests {
    @Test func beyondItsNumberExecutionsAreCountedOnly() {
        var budget = ExecutionBudget()
        let capacity = Int(ExecutionBudget.capacity)
        let admitted = (1...capacity + 5).count { _ in budget.admits(size: 1, hasRoom: true) }
        #expect(admitted == capacity)
        #expect(budget.counts == ExecutionCounts(recorded: ExecutionBudget.capacity, unrecorded: 5))
    }

    @Test func beyondItsSizeExecutionsAreCountedOnly() {
        var budget = ExecutionBudget()
        let admitted = (1...100).count { _ in budget.admits(size: 1 << 20, hasRoom: true) }
        #expect(admitted == ExecutionBudget.size >> 20)
        #expect(budget.counts.recorded + budget.counts.unrecorded == 100)
    }

    @Test func whatCannotWaitToBeWrittenIsCountedOnly() {
        var budget = ExecutionBudget()
        let admitted = [false, true].map { budget.admits(size: 1, hasRoom: $0) }
        #expect(admitted == [false, true])
        budget.countMiss()
        #expect(budget.counts == ExecutionCounts(recorded: 1, unrecorded: 1, missed: 1))
    }
}
