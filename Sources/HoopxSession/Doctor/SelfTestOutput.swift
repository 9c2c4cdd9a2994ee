import Glibc
import HoopxLinux

/// The standard output of hoopx-selftest.
final class SelfTestOutput {
    private let reading: OwnedDescriptor
    /// The program's end, open until `readAll`.
    private(set) var writingEnd: Int32

    init() throws(Errno) {
        var ends: [Int32] = [-1, -1]
        try Errno.checkLast(pipe(&ends))
        reading = OwnedDescriptor(ends[0])
        writingEnd = ends[1]
    }

    deinit { closeWritingEnd() }

    /// Reads to the end of file, which comes when everybody who writes has ended.
    ///
    /// - Returns: nil where it did not come in time.
    func readAll(within milliseconds: Int) -> String? {
        closeWritingEnd()
        var bytes: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 4096)
        let deadline = ContinuousClock.now + .milliseconds(milliseconds)
        while true {
            var watched = pollfd(fd: reading.raw, events: Int16(POLLIN), revents: 0)
            let rest = max(.zero, deadline - .now)
            let ready = poll(&watched, 1, Int32(rest / .milliseconds(1)))
            if ready < 0, errno == EINTR { continue }
            guard ready > 0 else { return nil }
            let count = read(reading.raw, &part, part.count)
            guard count >= 0 else { return nil }
            if count == 0 { return String(decoding: bytes, as: UTF8.self) }
            bytes += part[..<count]
        }
    }

    private func closeWritingEnd() {
        if writingEnd >= 0 { close(writingEnd) }
        writingEnd = -1
    }
}
