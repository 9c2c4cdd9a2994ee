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
        let bytes: [UInt8]
        do throws(RegularFile.Fault) {
            // And some for line ends.
            bytes = try RegularFile.read(path, atMost: TokenText.maximumLength + 64) {
                status throws(RegularFile.Fault) in
                try status.requireOwnerIsUser()
                try status.requireOthersAreKeptOut()
            }
        } catch {
            throw TokenText.error(name, error.found(limit: TokenText.maximumLength), hint: error.hint)
        }
        return try TokenText.secret(from: bytes, of: name)
    }
}
