import Glibc
import HoopxAudit
import HoopxCore
import HoopxLinux

/// Clears away what earlier runs left behind because their hoopx was killed: files, sessions that are still open in
/// the store, and processes, should any have outlived their guardian.
///
/// It is idempotent, and touches nothing of a run whose hoopx still holds its lock.
struct OrphanSweep {
    let base: RuntimeDirectory.Base
    let store: any AuditStore

    func run() throws(HoopxError) {
        _ = try PrivateDirectory(base.path)
        let baseLock = try RuntimeDirectory.lockBase(base)
        defer { _ = baseLock }
        for name in DirectoryListing.names(in: base.path) {
            guard let session = SessionID(name), let lock = RuntimeDirectory.lock("\(base.path)/\(name)") else {
                continue
            }
            Self.endProcesses(of: session)
            try PrivateDirectory("\(base.path)/\(name)").remove()
            _ = lock
        }
        _ = try store.closeInterruptedSessions()
    }

    /// Kills the processes that carry the session's name in their environment. The guardian of hoopx-launch ends the
    /// tree at once when hoopx dies; this is for the case that both were killed.
    private static func endProcesses(of session: SessionID) {
        let mark = Array("HOOPX_SESSION=\(session)".utf8)
        for name in DirectoryListing.names(in: "/proc") {
            guard let number = Int32(name), let process = try? Pidfd(number),
                environment(of: number).contains(where: { $0.elementsEqual(mark) })
            else { continue }
            // The descriptor was opened before the environment was read: the number cannot have changed hands between.
            try? process.send(signal: SIGKILL)
        }
    }

    private static func environment(of pid: Int32) -> [ArraySlice<UInt8>] {
        let raw = open("/proc/\(pid)/environ", O_RDONLY | O_CLOEXEC)
        guard raw >= 0 else { return [] }
        let descriptor = OwnedDescriptor(raw)
        var bytes: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 16_384)
        while true {
            let count = read(descriptor.raw, &part, part.count)
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { break }
            bytes += part[..<count]
        }
        return bytes.split(separator: 0)
    }
}
