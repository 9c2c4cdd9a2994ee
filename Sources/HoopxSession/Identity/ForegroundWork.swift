import Glibc
import HoopxCore
import HoopxLinux
import Synchronization

/// Asynchronous work that hoopx's main thread waits for, which otherwise never gives itself to the concurrency runtime.
public enum ForegroundWork {
    /// How waiting ended.
    public enum Outcome<Value: Sendable>: Sendable {
        case done(Value)
        /// A signal came first. The work has been told to end, and is not waited for.
        case interrupted(SignalStream.Signal)
    }

    /// Runs the work to its end.
    public static func run<Value: Sendable>(
        _ work: @escaping @Sendable () async throws(HoopxError) -> Value
    ) throws(HoopxError) -> Value {
        let end = try end()
        let running = start(work, end)
        end.wait(orReadable: nil)
        return try running.value().get()
    }

    /// Runs the work to its end, or until one of the signals comes that end a process.
    ///
    /// - Parameter signals: made before the first thread was, SIGINT among them.
    public static func run<Value: Sendable>(
        until signals: borrowing SignalStream, _ work: @escaping @Sendable () async throws(HoopxError) -> Value
    ) throws(HoopxError) -> Outcome<Value> {
        let end = try end()
        let running = start(work, end)
        while true {
            end.wait(orReadable: signals.raw)
            if let result = running.result.withLock({ $0 }) { return .done(try result.get()) }
            // A job that was stopped and goes on is no reason to end.
            guard let signal = signals.next(), signal.number != SIGCONT else { continue }
            running.task.cancel()
            return .interrupted(signal)
        }
    }

    private struct Running<Value: Sendable>: Sendable {
        let task: Task<Void, Never>
        let result: ResultBox<Value>

        func value() -> Result<Value, HoopxError> {
            result.withLock { $0 } ?? .failure(HoopxError(.startup, doing: "waiting", found: "no result came"))
        }
    }

    private final class ResultBox<Value: Sendable>: Sendable {
        private let result = Mutex<Result<Value, HoopxError>?>(nil)

        func withLock<Answer: Sendable>(_ body: (inout Result<Value, HoopxError>?) -> Answer) -> Answer {
            result.withLock { body(&$0) }
        }
    }

    private static func start<Value: Sendable>(
        _ work: @escaping @Sendable () async throws(HoopxError) -> Value, _ end: EndOfWork
    ) -> Running<Value> {
        let box = ResultBox<Value>()
        let task = Task.detached {
            let result: Result<Value, HoopxError>
            do throws(HoopxError) {
                result = .success(try await work())
            } catch {
                result = .failure(error)
            }
            box.withLock { $0 = result }
            end.signal()
        }
        return Running(task: task, result: box)
    }

    private static func end() throws(HoopxError) -> EndOfWork {
        do throws(Errno) {
            return try EndOfWork()
        } catch {
            throw HoopxError(.startup, doing: "waiting", found: "\(error)", hint: "raise ulimit -n")
        }
    }
}

/// A descriptor that becomes readable when the work is over: signals are one too, so that both are waited for at once.
private final class EndOfWork: Sendable {
    private let reading: OwnedDescriptor
    private let writing: OwnedDescriptor

    init() throws(Errno) {
        var ends: [Int32] = [-1, -1]
        guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &ends) == 0 else {
            throw .last
        }
        reading = OwnedDescriptor(ends[0])
        writing = OwnedDescriptor(ends[1])
    }

    func signal() {
        var byte: UInt8 = 1
        _ = write(writing.raw, &byte, 1)
    }

    func wait(orReadable other: Int32?) {
        var descriptors = [pollfd(fd: reading.raw, events: Int16(POLLIN), revents: 0)]
        if let other { descriptors.append(pollfd(fd: other, events: Int16(POLLIN), revents: 0)) }
        while poll(&descriptors, nfds_t(descriptors.count), -1) < 0, errno == EINTR {}
    }
}
