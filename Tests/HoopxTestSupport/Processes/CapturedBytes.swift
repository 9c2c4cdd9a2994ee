import Glibc
import Synchronization

/// What a process wrote to one descriptor so far. A thread of its own reads, so that the process never waits for a test.
final class CapturedBytes: Sendable {
    private struct State {
        var bytes: [UInt8] = []
        var isAtEnd = false
    }
    private let state = Mutex(State())

    var text: String { state.withLock { String(decoding: $0.bytes, as: UTF8.self) } }
    var bytes: [UInt8] { state.withLock { $0.bytes } }
    var isAtEnd: Bool { state.withLock { $0.isAtEnd } }

    /// Reads until the end, then closes the descriptor if told to.
    func start(reading descriptor: Int32, closing: Bool = true) {
        detachThread {
            var buffer = [UInt8](repeating: 0, count: 64 << 10)
            while true {
                let count = read(descriptor, &buffer, buffer.count)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { break }
                self.state.withLock { $0.bytes.append(contentsOf: buffer[..<count]) }
            }
            if closing { close(descriptor) }
            self.state.withLock { $0.isAtEnd = true }
        }
    }
}

/// Runs a blocking loop on a thread of its own, away from the pool that runs the tests.
func detachThread(_ body: @escaping @Sendable () -> Void) {
    final class Box: Sendable {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }
    var thread = pthread_t()
    let argument = Unmanaged.passRetained(Box(body)).toOpaque()
    let code = pthread_create(
        &thread, nil,
        { argument in
            guard let argument else { return nil }
            Unmanaged<Box>.fromOpaque(argument).takeRetainedValue().body()
            return nil
        }, argument)
    precondition(code == 0, "no thread")
    pthread_detach(thread)
}
