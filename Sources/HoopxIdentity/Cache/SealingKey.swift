import Crypto
import HoopxCore

/// The key that cached identities are sealed with: 256 random bits.
struct SealingKey: Sendable {
    static let length = 32
    static let idLength = 8

    let key: SymmetricKey
    /// Tells keys apart without saying anything of them.
    let id: [UInt8]

    /// - Returns: nil where there are not `length` bytes.
    init?(_ bytes: [UInt8]) {
        guard bytes.count == Self.length else { return nil }
        key = SymmetricKey(data: bytes)
        let code = HMAC<SHA256>.authenticationCode(for: Array("hoopx token cache: key id".utf8), using: key)
        id = Array(code.prefix(Self.idLength))
    }

    static func randomBytes() -> [UInt8] { SymmetricKey(size: .bits256).withUnsafeBytes { Array($0) } }
}

/// Where the sealing key is kept: never on the disk beside what it seals.
protocol SealingKeyStore: Sendable {
    /// The end of the names of files that are sealed with its key.
    var fileSuffix: String { get }

    /// What became of a key that is gone, for `CacheLoss`.
    var lossExplanation: String { get }

    /// - Throws: where the store cannot be used here.
    func find() async throws(HoopxError) -> SealingKey?

    /// Processes that make one at the same time get the same.
    func findOrMake() async throws(HoopxError) -> SealingKey
}
