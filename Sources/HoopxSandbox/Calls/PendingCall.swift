import CHoopxLinux
import Glibc
import HoopxLinux

/// A system call of the target that waits for hoopx's answer.
///
/// Its registers cannot change any more. Everything that they point to can, and so can the meaning of a descriptor
/// number, at any time.
struct PendingCall {
    private let notification: hoopx_notification
    private let listener: Int32

    init(_ notification: hoopx_notification, listener: Int32) {
        self.notification = notification
        self.listener = listener
    }

    /// The calling thread's id.
    var thread: Int32 { notification.thread }

    var number: UInt32 { UInt32(bitPattern: notification.call) }

    /// An argument that the kernel takes as an int: the upper half of the register does not count.
    func int(_ index: Int) -> Int32 { Int32(truncatingIfNeeded: register(index)) }

    /// An argument that the kernel takes as a pointer.
    func pointer(_ index: Int) -> UInt64 { register(index) }

    private func register(_ index: Int) -> UInt64 {
        let registers = notification.arguments
        return switch index {
        case 0: registers.0
        case 1: registers.1
        case 2: registers.2
        case 3: registers.3
        case 4: registers.4
        default: 0
        }
    }

    /// Whether the thread still waits. Where it does, everything that was opened or read by its id until now was its
    /// own: the id cannot have been given to another thread.
    func requireWaiting() throws(Errno) {
        guard hoopx_notification_is_valid(listener, notification.id) == 1 else { throw Errno(ESRCH) }
    }

    // An answer that finds no one (the target was killed) has nobody to tell.

    func succeed() { _ = hoopx_notification_answer(listener, notification.id, 0, 0) }

    func fail(_ failure: Errno) { _ = hoopx_notification_answer(listener, notification.id, 0, failure.code) }

    /// Lets the kernel carry the call out, with whatever the target's memory holds by then: for a call on which nothing
    /// was decided.
    ///
    /// - Returns: whether it still waited, as for `requireWaiting()`.
    func letGoOn() -> Bool { hoopx_notification_continue(listener, notification.id) == 0 }

    /// Answers with a new descriptor of the target.
    func succeed(with descriptor: borrowing OwnedDescriptor, closesOnExec: Bool) throws(Errno) {
        let result = hoopx_notification_inject(listener, notification.id, descriptor.raw, closesOnExec)
        guard result != -ENOENT else { return }
        try Errno.check(result)
    }
}
