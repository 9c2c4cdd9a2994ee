import CHoopxLinux
import Glibc

/// A thread for work that blocks in system calls, which Swift's own thread pool must not do.
///
/// It takes no signals. Its stack is small unless it is told otherwise: enough for hoopx's own code.
public struct ServiceThread: ~Copyable, Sendable {
    // A pthread_t is a number for the kernel's and libc's use; it may be used from any thread.
    private let thread: pthread_t

    /// - Parameters:
    ///   - name: what `ps -L` shows; the kernel keeps its first 15 bytes.
    ///   - stackSize: in bytes, at least 64 KiB.
    /// - Throws: EAGAIN where the process may have no more threads.
    public init(name: String, stackSize: Int = 256 << 10, _ body: @escaping @Sendable () -> Void) throws(Errno) {
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        defer { pthread_attr_destroy(&attributes) }
        pthread_attr_setstacksize(&attributes, stackSize)

        // A thread begins with its creator's mask.
        var everything = sigset_t()
        var before = sigset_t()
        sigfillset(&everything)
        pthread_sigmask(SIG_SETMASK, &everything, &before)
        defer { pthread_sigmask(SIG_SETMASK, &before, nil) }

        let start = Unmanaged.passRetained(Body(name: name, run: body))
        var created = pthread_t()
        let failure = pthread_create(
            &created, &attributes,
            { argument in
                guard let argument else { return nil }
                let body = Unmanaged<Body>.fromOpaque(argument).takeRetainedValue()
                hoopx_name_thread(body.name)
                body.run()
                return nil
            }, start.toOpaque())
        guard failure == 0 else {
            start.release()
            throw Errno(failure)
        }
        thread = created
    }

    deinit { pthread_detach(thread) }

    /// Waits for the thread's end.
    public consuming func join() {
        pthread_join(thread, nil)
        discard self
    }

    private final class Body: Sendable {
        let name: String
        let run: @Sendable () -> Void

        init(name: String, run: @escaping @Sendable () -> Void) {
            self.name = name
            self.run = run
        }
    }
}
