import HoopxAudit
import HoopxCore
import Testing

@testable import HoopxSession

struct TeardownSequenceTests {
    private let failure = HoopxError(.startup, doing: "undoing", found: "a failure")

    @Test func stepsRunInReverseOrderAndAFailureStopsNone() {
        let teardown = TeardownSequence()
        var order: [Int] = []
        teardown.add { _ in order.append(1) }
        teardown.add { _ throws(HoopxError) in
            order.append(2)
            throw failure
        }
        teardown.add { _ in order.append(3) }

        #expect(teardown.run(.failed) == [failure])
        #expect(order == [3, 2, 1])
    }

    @Test func eachStepRunsOnceHoweverOftenTeardownIsAsked() {
        let teardown = TeardownSequence()
        var endings: [SessionEnding] = []
        teardown.add { endings.append($0) }

        _ = teardown.run(.exited(status: 3))
        _ = teardown.run(.failed)

        #expect(endings == [.exited(status: 3)])
    }
}
