import Glibc
import HoopxCore
import HoopxLinux

/// The file that `identity.client_secret_file` names.
enum ClientSecretFile {
    /// In bytes.
    private static let maximumLength = 4_096

    /// - Parameter path: of a regular file; blanks and line ends around the secret do not count.
    static func read(_ path: String) throws(HoopxError) -> Secret {
        // O_NONBLOCK: opening a FIFO must not hang.
        let raw = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK)
        guard raw >= 0 else { throw failure(path, "\(Errno.last)") }
        let file = OwnedDescriptor(raw)
        var status = stat()
        guard fstat(file.raw, &status) == 0 else { throw failure(path, "\(Errno.last)") }
        guard status.st_mode & S_IFMT == S_IFREG else { throw failure(path, "it is not a regular file") }
        guard status.st_mode & 0o077 == 0 else {
            throw failure(
                path, "other users may read or change it (mode \(String(status.st_mode & 0o7777, radix: 8)))",
                hint: "chmod 600 \(path)")
        }
        var bytes = [UInt8](repeating: 0, count: maximumLength + 1)
        var count = 0
        while count < bytes.count {
            let got = bytes.withUnsafeMutableBytes {
                Glibc.read(file.raw, $0.baseAddress?.advanced(by: count), $0.count - count)
            }
            if got < 0, errno == EINTR { continue }
            guard got >= 0 else { throw failure(path, "\(Errno.last)") }
            if got == 0 { break }
            count += got
        }
        guard count <= maximumLength else { throw failure(path, "it is longer than \(maximumLength) bytes") }
        let isBlank: (UInt8) -> Bool = { $0 == 0x20 || (0x09...0x0d).contains($0) }
        var secret = bytes[..<count].drop(while: isBlank)
        while let last = secret.last, isBlank(last) { secret.removeLast() }
        guard !secret.isEmpty else { throw failure(path, "it is empty") }
        // RFC 6749, A.2.
        guard secret.allSatisfy({ (0x20...0x7e).contains($0) }) else {
            throw failure(path, "it holds characters that no client secret has")
        }
        return Secret(String(decoding: secret, as: UTF8.self))
    }

    private static func failure(_ path: String, _ found: String, hint: String? = nil) -> HoopxError {
        HoopxError(.usage, doing: "reading the client secret in \(path)", found: found, hint: hint)
    }
}
