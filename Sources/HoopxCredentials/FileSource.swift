import Glibc
import HoopxCore
import HoopxLinux

/// A credential from a file that only its owner can read.
///
/// Whoever rotates the credential replaces the file: it is read again every `refreshInterval` while it is in use. A file
/// that is gone or unreadable leaves the last credential in use until `lifetime` is over.
public struct FileSource: CredentialSource {
    static let refreshInterval = Duration.seconds(5)
    static let lifetime = Duration.seconds(60)

    public let name: String
    public let injection: CredentialInjection
    public let isLocal = true
    private let path: String

    /// - Parameter path: absolute. A symbolic link is followed, and what it names is checked.
    public init(path: String, header: CredentialHeader) {
        self.path = path
        injection = .header(header)
        name = "the file \(path)"
    }

    public func lease() async throws(HoopxError) -> Lease {
        let now = ContinuousClock.now
        return Lease(
            .token(try token()), expiresAt: now + Self.lifetime, refreshAt: now + Self.refreshInterval,
            isOwnLimit: true)
    }

    /// The same lease while the file holds the same credential.
    public func renew(_ lease: Lease) async throws(HoopxError) -> Lease? {
        let now = ContinuousClock.now
        let token = try token()
        guard case .token(let old) = lease.material, token.withValue({ old.isEqual(to: $0.utf8) }) else { return nil }
        return lease.prolonged(expiresAt: now + Self.lifetime, refreshAt: now + Self.refreshInterval)
    }

    public func revoke(_ lease: Lease) async throws(HoopxError) -> Bool { false }

    private func token() throws(HoopxError) -> Secret {
        // O_NONBLOCK: opening a FIFO must not hang.
        let raw = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK)
        guard raw >= 0 else { throw failure(.last) }
        let file = OwnedDescriptor(raw)
        var status = stat()
        guard fstat(file.raw, &status) == 0 else { throw failure(.last) }
        try check(status)
        return try TokenText.secret(from: try contents(of: file), of: name)
    }

    private func check(_ status: stat) throws(HoopxError) {
        guard status.st_mode & S_IFMT == S_IFREG else { throw TokenText.error(name, "it is not a regular file") }
        guard status.st_uid == geteuid() else {
            throw TokenText.error(name, "it belongs to uid \(status.st_uid), not to you (uid \(geteuid()))")
        }
        guard status.st_mode & 0o077 == 0 else {
            throw TokenText.error(
                name, "other users may read or change it (mode \(String(status.st_mode & 0o7777, radix: 8)))",
                hint: "chmod 600 \(path)")
        }
    }

    /// At most one byte more than a token may have, and some for line ends.
    private func contents(of file: borrowing OwnedDescriptor) throws(HoopxError) -> [UInt8] {
        let limit = TokenText.maximumLength + 64
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4_096)
        while bytes.count <= limit {
            let count = read(file.raw, &buffer, buffer.count)
            guard count >= 0 else { throw failure(.last) }
            if count == 0 { return bytes }
            bytes += buffer[..<count]
        }
        throw TokenText.error(name, "it is longer than \(TokenText.maximumLength) bytes")
    }

    private func failure(_ reason: Errno) -> HoopxError { TokenText.error(name, "\(reason)") }
}
