import HoopxTestSupport
import Synchronization

/// Answers that a server gives one after the other; the last for ever.
final class Answers: Sendable {
    private let left: Mutex<[[ResponseStep]]>

    init(_ answers: [[ResponseStep]]) { left = Mutex(answers) }

    func next() -> [ResponseStep] { left.withLock { $0.count > 1 ? $0.removeFirst() : $0[0] } }
}
