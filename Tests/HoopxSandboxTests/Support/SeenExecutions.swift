import Glibc
import HoopxSandbox
import Synchronization

/// Keeps what it is told of executions.
final class SeenExecutions: ExecutionObserver {
    private let delay: UInt32
    private let log = Mutex<(executions: [ObservedExecution], misses: Int)>(([], 0))

    /// - Parameter delay: how long it takes over each execution, in microseconds.
    init(delay: UInt32 = 0) { self.delay = delay }

    var all: [ObservedExecution] { log.withLock { $0.executions } }
    var misses: Int { log.withLock { $0.misses } }

    /// Those of a program, by the end of its path.
    func of(_ name: String) -> [ObservedExecution] { all.filter { $0.file?.hasSuffix("/" + name) == true } }

    func observed(_ execution: ObservedExecution) {
        if delay > 0 { usleep(delay) }
        log.withLock { $0.executions.append(execution) }
    }

    func observedMiss() { log.withLock { $0.misses += 1 } }
}

extension ObservedExecution {
    var file: String? { path.map { String(decoding: $0, as: UTF8.self) } }
    var line: [String] { arguments.map { String(decoding: $0, as: UTF8.self) } }
}
