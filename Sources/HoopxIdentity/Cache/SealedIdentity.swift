import Crypto
import HoopxCore

/// A cached identity under AES-256-GCM, as it lies in a file: `hoopx-id`, a version byte, the key's id, the nonce, the
/// sealed bytes and their tag.
///
/// What stands in front and the issuer and client are authenticated with it, so that a file does not open under another
/// name, key or version.
struct SealedIdentity {
    private static let mark = Array("hoopx-id".utf8)
    private static let version: UInt8 = 1
    private static let nonceLength = 12
    private static let tagLength = 16
    private static let headerLength = mark.count + 1 + SealingKey.idLength

    /// The most that a file can have, in bytes.
    static let maximumSize = headerLength + nonceLength + CachedIdentity.maximumSize + tagLength

    let bytes: [UInt8]
    let keyID: [UInt8]

    /// - Throws: where the identity is larger than any that is read again.
    init(_ identity: CachedIdentity, for key: CacheKey, with sealingKey: SealingKey) throws(HoopxError) {
        let doing = "keeping the login at \(key.issuer)"
        let plain = identity.bytes
        guard plain.count <= CachedIdentity.maximumSize else {
            throw HoopxError(
                .startup, doing: doing,
                found:
                    "its tokens and its issuer's keys have \(plain.count) bytes, more than \(CachedIdentity.maximumSize)"
            )
        }
        let header = Self.mark + [Self.version] + sealingKey.id
        do {
            // A random nonce for each: no key seals so many files that two could meet (NIST SP 800-38D, 8.3: 2^32).
            let box = try AES.GCM.seal(
                plain, using: sealingKey.key, authenticating: header + Array(key.digest.utf8))
            bytes = header + Array(box.nonce) + Array(box.ciphertext) + Array(box.tag)
        } catch {
            throw HoopxError(.startup, doing: doing, found: "it cannot be sealed: \(error)")
        }
        keyID = sealingKey.id
    }

    /// What a file holds.
    ///
    /// - Throws: what is wrong with it.
    init(bytes: [UInt8]) throws(Damage) {
        guard bytes.starts(with: Self.mark) else {
            throw Damage(found: bytes.isEmpty ? "it is empty" : "it is not a file of hoopx's")
        }
        guard bytes.count >= Self.headerLength + Self.nonceLength + Self.tagLength else {
            throw Damage(found: "it ends too early")
        }
        guard bytes[Self.mark.count] == Self.version else {
            throw Damage(found: "another version of hoopx wrote it")
        }
        self.bytes = bytes
        keyID = Array(bytes[(Self.mark.count + 1)..<Self.headerLength])
    }

    /// Opens it with the key that its header names.
    ///
    /// - Parameter digest: `CacheKey.digest` of what it is filed under.
    func identity(filedUnder digest: String, with sealingKey: SealingKey) throws(Damage) -> CachedIdentity {
        let header = bytes[..<Self.headerLength]
        guard let box = try? AES.GCM.SealedBox(combined: bytes[Self.headerLength...]),
            let plain = try? AES.GCM.open(
                box, using: sealingKey.key, authenticating: header + Array(digest.utf8)),
            let identity = CachedIdentity(bytes: Array(plain))
        else { throw Damage(found: "it was changed, or is of another issuer or client") }
        return identity
    }

    struct Damage: Error, Hashable {
        let found: String
    }
}
