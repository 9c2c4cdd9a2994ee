import Synchronization

/// Answers that a test puts before a service's own, in order: faults, and what only a hostile service says.
final class ScriptedAnswers: Sendable {
    private let answers = Mutex<[@Sendable (ReceivedRequest) -> [ResponseStep]]>([])

    func add(_ answer: @escaping @Sendable (ReceivedRequest) -> [ResponseStep]) {
        answers.withLock { $0.append(answer) }
    }

    func next(_ request: ReceivedRequest) -> [ResponseStep]? {
        let answer = answers.withLock { $0.isEmpty ? nil : $0.removeFirst() }
        return answer?(request)
    }
}
