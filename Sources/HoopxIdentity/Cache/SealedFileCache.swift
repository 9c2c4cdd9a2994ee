import Glibc
import HoopxCore
import HoopxLinux

/// Identities in sealed files, one for each issuer and client. Who reads a file has nothing without the key, which is
/// where no file rule has to keep a target away from it: in the kernel's keyring, or in the Secret Service.
public struct SealedFileCache: TokenCache {
    private let directory: PrivateDirectory
    private let keys: any SealingKeyStore
    private let lockLimit: Duration

    /// With the key in the kernel's user keyring: a login lasts until the machine is switched off.
    ///
    /// - Parameters:
    ///   - directory: the files' own, made where it is missing (`$XDG_STATE_HOME/hoopx/identity`).
    ///   - lockLimit: how long to wait for another hoopx that refreshes the same identity.
    /// - Throws: where the directory is not the user's own alone.
    public init(directory: String, lockLimit: Duration = .seconds(30)) throws(HoopxError) {
        try self.init(directory: directory, keys: KernelKeyStore(), lockLimit: lockLimit)
    }

    init(directory: String, keys: any SealingKeyStore, lockLimit: Duration = .seconds(30)) throws(HoopxError) {
        self.directory = try PrivateDirectory(directory)
        self.keys = keys
        self.lockLimit = lockLimit
    }

    public func load(_ key: CacheKey) async throws(HoopxError) -> CacheLookup {
        let path = path(of: key)
        let sealed: SealedIdentity
        do throws(SealedIdentity.Damage) {
            guard let bytes = try read(path) else { return .nothing }
            sealed = try SealedIdentity(bytes: bytes)
        } catch {
            return .lost(CacheLoss(.damaged(error.found), place: path))
        }
        guard let sealingKey = try await keys.find(), sealingKey.id == sealed.keyID else {
            return .lost(CacheLoss(.keyLost(keys.lossExplanation), place: path))
        }
        do throws(SealedIdentity.Damage) {
            return .found(try sealed.identity(for: key, with: sealingKey))
        } catch {
            return .lost(CacheLoss(.damaged(error.found), place: path))
        }
    }

    public func store(_ identity: CachedIdentity, for key: CacheKey) async throws(HoopxError) {
        let sealed = try SealedIdentity(identity, for: key, with: try await keys.findOrMake())
        try directory.write(sealed.bytes, to: name(of: key), isDurable: true)
    }

    public func remove(_ key: CacheKey) throws(HoopxError) {
        let path = path(of: key)
        guard unlink(path) == 0 || errno == ENOENT else {
            throw HoopxError(.startup, doing: "removing the login kept in \(path)", found: "\(Errno.last)")
        }
    }

    public func withLock<Result: Sendable>(
        _ key: CacheKey, _ body: @Sendable () async throws(HoopxError) -> Result
    ) async throws(HoopxError) -> Result {
        let lock = try await FileLock.take("\(directory.path)/\(key.digest).lock", within: lockLimit)
        defer { _ = lock }
        return try await body()
    }

    private func name(of key: CacheKey) -> String { "\(key.digest).\(keys.fileSuffix)" }

    private func path(of key: CacheKey) -> String { "\(directory.path)/\(name(of: key))" }

    /// - Returns: nil where there is no file.
    private func read(_ path: String) throws(SealedIdentity.Damage) -> [UInt8]? {
        // O_NONBLOCK: opening a FIFO must not hang.
        let raw = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NOCTTY | O_NONBLOCK)
        guard raw >= 0 else {
            switch errno {
            case ENOENT: return nil
            case ELOOP: throw SealedIdentity.Damage(found: "it is a symbolic link")
            default: throw SealedIdentity.Damage(found: "\(Errno.last)")
            }
        }
        let file = OwnedDescriptor(raw)
        var status = stat()
        guard fstat(file.raw, &status) == 0 else { throw SealedIdentity.Damage(found: "\(Errno.last)") }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw SealedIdentity.Damage(found: "it is not a regular file")
        }
        guard status.st_uid == geteuid() else {
            throw SealedIdentity.Damage(found: "it belongs to uid \(status.st_uid), not to you (uid \(geteuid()))")
        }
        guard status.st_mode & 0o077 == 0 else {
            throw SealedIdentity.Damage(
                found: "other users may read or change it (mode \(String(status.st_mode & 0o7777, radix: 8)))")
        }
        guard status.st_size <= SealedIdentity.maximumSize else {
            throw SealedIdentity.Damage(found: "it is longer than any that hoopx writes")
        }
        return try contents(of: file, size: Int(status.st_size))
    }

    /// A file is never changed in its place, so that it has the size that it had.
    private func contents(of file: borrowing OwnedDescriptor, size: Int) throws(SealedIdentity.Damage) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: size)
        var done = 0
        while done < size {
            let count = bytes.withUnsafeMutableBytes {
                Glibc.read(file.raw, $0.baseAddress?.advanced(by: done), size - done)
            }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw SealedIdentity.Damage(found: "\(Errno.last)") }
            guard count > 0 else { throw SealedIdentity.Damage(found: "it ends too early") }
            done += count
        }
        return bytes
    }
}
