import Synchronization

/// Undoes what a test set up, in the reverse order, whether the test passed or not.
public final class FixtureScope: Sendable {
    private let steps = Mutex<[@Sendable () async -> Void]>([])

    public init() {}

    public func atEnd(_ step: @escaping @Sendable () async -> Void) {
        steps.withLock { $0.append(step) }
    }

    public func unwind() async {
        while let step = steps.withLock({ $0.popLast() }) { await step() }
    }
}

/// Lets only so many fixtures run at a time, so that each has processor time for its deadlines.
actor FixtureSlots {
    private var free: Int
    private var waiting: [CheckedContinuation<Void, Never>] = []

    init(_ count: Int) { free = count }

    func take() async {
        if free > 0 {
            free -= 1
        } else {
            await withCheckedContinuation { waiting.append($0) }
        }
    }

    func give() {
        if waiting.isEmpty { free += 1 } else { waiting.removeFirst().resume() }
    }
}
