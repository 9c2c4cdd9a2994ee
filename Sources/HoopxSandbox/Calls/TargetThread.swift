import CHoopxLinux
import Glibc
import HoopxLinux

/// A thread of the target that waits in a system call, and hoopx's access to what it has.
///
/// What is taken or read here is the waiting thread's own only if the call still waits afterwards
/// (`PendingCall.requireWaiting`).
struct TargetThread: ~Copyable {
    let id: Int32
    /// The id of the process (thread group) that it belongs to.
    let processID: Int32
    private let holder: Pidfd

    init(_ id: Int32) throws(Errno) {
        self.id = id
        do throws(Errno) {
            holder = try Pidfd(id)
            processID = id
        } catch {
            // Not the leader of its group: EINVAL, ENOENT since 6.9.
            guard error.code == EINVAL || error.code == ENOENT else { throw error }
            guard let process = ThreadStatus(of: id)?.processID else { throw Errno(ESRCH) }
            holder = try Self.hold(thread: id, of: process)
            processID = process
        }
    }

    private static func hold(thread: Int32, of process: Int32) throws(Errno) -> Pidfd {
        do throws(Errno) {
            return try Pidfd(thread: thread)
        } catch {
            // Before 6.9 there is only the leader's descriptor table to take from. A thread that has unshared its own
            // then gets a socket of the leader connected, or EBADF: still the target's own objects.
            guard error.code == EINVAL else { throw error }
            return try Pidfd(process)
        }
    }

    /// A duplicate of one of its descriptors: from here on the object is the same, whatever the number comes to mean.
    func takeDescriptor(_ number: Int32) throws(Errno) -> OwnedDescriptor {
        try holder.duplicate(number)
    }

    /// Copies memory, once.
    ///
    /// - Throws: EFAULT unless all of it is readable.
    func read(_ address: UInt64, count: Int) throws(Errno) -> [UInt8] {
        guard count > 0 else { return [] }
        var failure: Errno?
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { room, initialized in
            let result = hoopx_read_memory(id, address, room.baseAddress, count)
            if result != count { failure = Errno(result < 0 ? Int32(-result) : EFAULT) }
            initialized = max(0, result)
        }
        if let failure { throw failure }
        return bytes
    }

    /// Who it is, for the record.
    func process(during call: PendingCall) throws(Errno) -> TargetProcess {
        let command = Self.command(of: processID)
        try call.requireWaiting()
        return TargetProcess(pid: processID, command: command)
    }

    /// A directory of its view of the file system: `root` or `cwd`.
    func openDirectory(_ name: String) throws(Errno) -> OwnedDescriptor {
        OwnedDescriptor(
            try Errno.checkLast(open("/proc/\(id)/\(name)", Int32(HOOPX_O_PATH) | O_DIRECTORY | O_CLOEXEC)))
    }

    /// The kernel's name of the command, which comes with a newline; empty where the process is gone.
    private static func command(of process: Int32) -> String {
        let file = open("/proc/\(process)/comm", O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return "" }
        defer { close(file) }
        return withUnsafeTemporaryAllocation(byteCount: 64, alignment: 1) { room in
            let count = Glibc.read(file, room.baseAddress, room.count)
            return String(decoding: room.prefix(max(0, count - 1)), as: UTF8.self)
        }
    }
}
