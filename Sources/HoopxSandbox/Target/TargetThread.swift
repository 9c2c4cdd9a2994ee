import CHoopxLinux
import Glibc
import HoopxLinux

/// A thread of the target that waits in a system call, and hoopx's access to what it has.
///
/// What is taken or read here is the waiting thread's own only if the call still waits afterwards
/// (`PendingCall.requireWaiting`).
final class TargetThread {
    let id: Int32
    /// The id of the process (thread group) that it belongs to.
    let processID: Int32
    /// Whether what is held here is this thread's for ever, so that it may be kept for the thread's next call: once the
    /// thread is gone it leads to nothing, whoever has its number then.
    let isKeepable: Bool
    private let holder: Pidfd
    /// The kernel's short name of its process; -1 where it could not be opened.
    private let commandFile: OwnedDescriptor

    init(_ id: Int32) throws(Errno) {
        self.id = id
        do throws(Errno) {
            holder = try Pidfd(id)
            processID = id
            isKeepable = true
        } catch {
            // Not the leader of its group: EINVAL, ENOENT since 6.9.
            guard error.code == EINVAL || error.code == ENOENT else { throw error }
            guard let process = ThreadStatus(of: id)?.processID else { throw Errno(ESRCH) }
            processID = process
            do throws(Errno) {
                holder = try Pidfd(thread: id)
                isKeepable = true
            } catch {
                // Before 6.9 there is only the leader's descriptor table to take from. A thread that has unshared its own
                // then gets a socket of the leader connected, or EBADF: still the target's own objects.
                guard error.code == EINVAL else { throw error }
                holder = try Pidfd(process)
                isKeepable = false
            }
        }
        commandFile = OwnedDescriptor(open("/proc/\(processID)/comm", O_RDONLY | O_CLOEXEC))
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
        let command = command
        try call.requireWaiting()
        return TargetProcess(pid: processID, command: command)
    }

    /// A directory of its view of the file system: `root` or `cwd`.
    func openDirectory(_ name: String) throws(Errno) -> OwnedDescriptor {
        OwnedDescriptor(
            try Errno.checkLast(open("/proc/\(id)/\(name)", Int32(HOOPX_O_PATH) | O_DIRECTORY | O_CLOEXEC)))
    }

    /// The kernel's name of the command, which comes with a newline; empty where the process is gone.
    private var command: String {
        withUnsafeTemporaryAllocation(byteCount: 64, alignment: 1) { room in
            let count = pread(commandFile.raw, room.baseAddress, room.count, 0)
            return String(decoding: room.prefix(max(0, count - 1)), as: UTF8.self)
        }
    }
}
