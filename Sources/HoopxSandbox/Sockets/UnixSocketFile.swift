import CHoopxLinux
import Glibc
import HoopxLinux

/// A socket file that the target named, held so that it stays the same file whatever happens to its path.
struct UnixSocketFile: ~Copyable {
    let file: OwnedDescriptor
    private let thread: Int32

    /// Finds a path as a thread of the target would: from its root and its working directory.
    ///
    /// Links of /proc/PID that lead out of the file system's tree (`/proc/self/fd/3`, `/proc/1/root`) are refused, because
    /// they would be hoopx's own.
    ///
    /// - Throws: ENOENT and the like, as the path has it; ECONNREFUSED where the file is no socket; ESRCH where the
    ///   thread is gone.
    init(_ path: [UInt8], of target: TargetThread, during call: PendingCall) throws(Errno) {
        file = try Self.find(path, of: target, during: call)
        thread = target.id
    }

    private static func find(
        _ path: [UInt8], of target: TargetThread, during call: PendingCall
    ) throws(Errno) -> OwnedDescriptor {
        let root = try target.openDirectory("root")
        let directory = try target.openDirectory("cwd")
        try call.requireWaiting()
        let found: Int32
        if path.first == UInt8(ascii: "/") {
            found = open(path, below: root, resolve: UInt64(RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS))
        } else {
            // Where its root is not ours, an absolute link or `..` would be followed in ours.
            let resolve = isOwnRoot(root) ? RESOLVE_NO_MAGICLINKS : RESOLVE_NO_MAGICLINKS | RESOLVE_BENEATH
            found = open(path, below: directory, resolve: UInt64(resolve))
        }
        let file = OwnedDescriptor(try Errno.check(found))
        var status = stat()
        try Errno.checkLast(fstat(file.raw, &status))
        guard status.st_mode & S_IFMT == S_IFSOCK else { throw Errno(ECONNREFUSED) }
        return file
    }

    private static func open(_ path: [UInt8], below directory: borrowing OwnedDescriptor, resolve: UInt64) -> Int32 {
        let raw = directory.raw
        return (path + [0]).withUnsafeBytes { bytes in
            let text = bytes.baseAddress.unsafelyUnwrapped.assumingMemoryBound(to: CChar.self)
            // EAGAIN: a rename or mount elsewhere went on meanwhile, and `..` could not be followed safely.
            for _ in 0..<16 {
                let found = hoopx_openat2(raw, text, UInt64(Int32(HOOPX_O_PATH) | O_CLOEXEC), 0, resolve)
                if found != -EAGAIN { return found }
            }
            return -EAGAIN
        }
    }

    private static func isOwnRoot(_ root: borrowing OwnedDescriptor) -> Bool {
        var theirs = stat()
        var ours = stat()
        return fstat(root.raw, &theirs) == 0 && stat("/", &ours) == 0 && theirs.st_dev == ours.st_dev
            && theirs.st_ino == ours.st_ino
    }

    /// The address that leads to this very file.
    var address: SocketAddress { SocketAddress(.path(Array("/proc/self/fd/\(file.raw)".utf8))) }

    /// What the kernel's list of listeners knows the file by, nil where its file system is not in the target's sight.
    ///
    /// stat(2) would not do: overlayfs and btrfs show numbers there that are not those of the inode and the superblock.
    func identity() -> OwnListeners.UnixTarget? {
        let information = TextFile.read("/proc/self/fdinfo/\(file.raw)") ?? ""
        guard let mount = Self.number(after: "mnt_id:", in: information),
            let inode = Self.number(after: "ino:", in: information),
            let device = Self.device(ofMount: mount, in: TextFile.read("/proc/\(thread)/mountinfo") ?? "")
        else { return nil }
        return .file(inode: inode, device: device)
    }

    private static func number(after key: String, in text: String) -> UInt64? {
        let line = text.split(separator: "\n").first { $0.hasPrefix(key) }
        return line.flatMap { UInt64($0.dropFirst(key.count).drop { $0 == "\t" || $0 == " " }) }
    }

    /// The third field of the mount's line, `major:minor` (proc_pid_mountinfo(5)).
    static func device(ofMount mount: UInt64, in mountinfo: String) -> UInt64? {
        for line in mountinfo.split(separator: "\n") {
            let fields = line.split(separator: " ", maxSplits: 3)
            guard fields.count == 4, UInt64(fields[0]) == mount else { continue }
            let numbers = fields[2].split(separator: ":").compactMap { UInt64($0) }
            guard numbers.count == 2 else { return nil }
            // makedev(3)
            return (numbers[0] & 0xfff) << 8 | (numbers[0] & ~0xfff) << 32 | numbers[1] & 0xff
                | (numbers[1] & ~0xff) << 12
        }
        return nil
    }
}
