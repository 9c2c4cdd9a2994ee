import Crypto
import Dispatch
import Glibc
import HoopxCore
import HoopxLinux
import Synchronization

/// The SHA-256 of the command's file, computed beside the run: a large binary must not delay its own start.
///
/// The file is opened before the command starts, so the digest is of what ran even if the path is changed later.
final class BinaryDigest: Sendable {
    private let result = Mutex<String?>(nil)
    private let isDone = DispatchSemaphore(value: 0)

    /// - Throws: EAGAIN where the process may have no more threads.
    init(of binary: TargetBinary) throws(Errno) {
        let raw = open(binary.path, O_RDONLY | O_CLOEXEC)
        _ = try ServiceThread(name: "digest") { [self] in
            if raw >= 0 {
                let file = OwnedDescriptor(raw)
                let digest = Self.digest(of: file.raw)
                result.withLock { $0 = digest }
            }
            isDone.signal()
        }
    }

    /// 64 hexadecimal digits, or nil where the file could not be read. Waits for the end of the computation.
    func value() -> String? {
        isDone.wait()
        isDone.signal()
        return result.withLock(\.self)
    }

    private static func digest(of descriptor: Int32) -> String? {
        var hash = SHA256()
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 16)
        defer { buffer.deallocate() }
        while true {
            let count = read(descriptor, buffer.baseAddress, buffer.count)
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { return nil }
            if count == 0 { break }
            hash.update(bufferPointer: UnsafeRawBufferPointer(rebasing: buffer[0..<count]))
        }
        return Hexadecimal.text(hash.finalize())
    }
}
