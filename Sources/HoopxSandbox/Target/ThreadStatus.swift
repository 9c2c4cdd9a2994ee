import CHoopxLinux
import Glibc

/// What the kernel says of a thread's process.
struct ThreadStatus {
    /// The id of the process (thread group).
    let processID: Int32
    /// The process that it is a child of now; 0 where that is none of hoopx's pid namespace.
    let parentID: Int32

    /// - Returns: nil where the thread is gone.
    init?(of thread: Int32) {
        var (known, itsParent): (Int32, Int32) = (0, 0)
        if hoopx_process_and_parent(thread, &known, &itsParent) == 0 {
            (processID, parentID) = (known, itsParent)
            return
        }
        // proc_pid_status(5), which takes longer.
        let file = open("/proc/\(thread)/status", O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var (process, parent): (Int32?, Int32?)
        withUnsafeTemporaryAllocation(byteCount: 1024, alignment: 1) { room in
            let text = UnsafeRawBufferPointer(rebasing: room[..<max(0, read(file, room.baseAddress, room.count))])
            // Both stand among the first lines; in the command's name, which comes first, the kernel escapes line breaks.
            for line in text.split(separator: UInt8(ascii: "\n"), maxSplits: 8) {
                process = process ?? Self.number(after: "Tgid:\t", in: line)
                parent = parent ?? Self.number(after: "PPid:\t", in: line)
            }
        }
        guard let process, let parent else { return nil }
        (processID, parentID) = (process, parent)
    }

    private static func number(after label: String, in line: Slice<UnsafeRawBufferPointer>) -> Int32? {
        guard line.starts(with: label.utf8) else { return nil }
        return Int32(String(decoding: line.dropFirst(label.utf8.count), as: UTF8.self))
    }
}
