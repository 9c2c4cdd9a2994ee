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

    public func load(_ key: CacheKey) async throws(HoopxError) -> CacheLookup { try await load(key.digest) }

    /// - Parameter digest: `CacheKey.digest`.
    func load(_ digest: String) async throws(HoopxError) -> CacheLookup {
        let path = path(of: digest)
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
            return .found(try sealed.identity(filedUnder: digest, with: sealingKey))
        } catch {
            return .lost(CacheLoss(.damaged(error.found), place: path))
        }
    }

    public func store(_ identity: CachedIdentity, for key: CacheKey) async throws(HoopxError) {
        let sealed = try SealedIdentity(identity, for: key, with: try await keys.findOrMake())
        try directory.write(sealed.bytes, to: name(of: key.digest), isDurable: true)
    }

    public func remove(_ key: CacheKey) throws(HoopxError) { try remove(key.digest) }

    func remove(_ digest: String) throws(HoopxError) {
        let path = path(of: digest)
        guard unlink(path) == 0 || errno == ENOENT else {
            throw HoopxError(.startup, doing: "removing the login kept in \(path)", found: "\(Errno.last)")
        }
    }

    public func withLock<Result: Sendable>(
        _ key: CacheKey, _ body: @Sendable () async throws(HoopxError) -> Result
    ) async throws(HoopxError) -> Result { try await withLock(key.digest, body) }

    func withLock<Result: Sendable>(
        _ digest: String, _ body: @Sendable () async throws(HoopxError) -> Result
    ) async throws(HoopxError) -> Result {
        let lock = try await FileLock.take("\(directory.path)/\(digest).lock", within: lockLimit)
        defer { _ = lock }
        return try await body()
    }

    /// The digests that something is filed under, in their order.
    var digests: [String] {
        DirectoryListing.names(in: directory.path).filter { $0.hasSuffix("." + keys.fileSuffix) }
            .map { String($0.prefix { $0 != "." }) }.filter(CacheKey.isDigest).sorted()
    }

    private func name(of digest: String) -> String { "\(digest).\(keys.fileSuffix)" }

    func path(of digest: String) -> String { "\(directory.path)/\(name(of: digest))" }

    /// - Returns: nil where there is no file.
    private func read(_ path: String) throws(SealedIdentity.Damage) -> [UInt8]? {
        do throws(RegularFile.Fault) {
            return try RegularFile.read(path, followsLink: false, atMost: SealedIdentity.maximumSize) {
                status throws(RegularFile.Fault) in
                try status.requireOwnerIsUser()
                try status.requireOthersAreKeptOut()
            }
        } catch {
            switch error {
            case .failed(Errno(ENOENT)): return nil
            case .failed(Errno(ELOOP)): throw SealedIdentity.Damage(found: "it is a symbolic link")
            case .tooLong: throw SealedIdentity.Damage(found: "it is longer than any that hoopx writes")
            default: throw SealedIdentity.Damage(found: error.found(limit: SealedIdentity.maximumSize))
            }
        }
    }
}
