import Crypto
import HoopxCore

/// The hash of a leaf, of a node or of a whole tree of the log: SHA-256 (RFC 6962, 2.1).
public struct TreeHash: Hashable, Sendable {
    /// How long `bytes` is.
    public static let size = 32

    // In place, not in an array: a tree of a million leaves shall not be a million allocations.
    private let words: SIMD4<UInt64>

    private init(_ digest: SHA256.Digest) {
        words = digest.withUnsafeBytes { $0.loadUnaligned(as: SIMD4<UInt64>.self) }
    }

    /// The hash of a leaf with these bytes.
    public init(leaf: some Sequence<UInt8>) { self.init(SHA256.hash(data: [0] + leaf)) }

    /// The hash of a node over two subtrees.
    public init(left: TreeHash, right: TreeHash) {
        self = withUnsafeTemporaryAllocation(byteCount: 1 + 2 * Self.size, alignment: 8) { node in
            node[0] = 1
            node.storeBytes(of: left.words, toByteOffset: 1, as: SIMD4<UInt64>.self)
            node.storeBytes(of: right.words, toByteOffset: 1 + Self.size, as: SIMD4<UInt64>.self)
            var hash = SHA256()
            hash.update(bufferPointer: UnsafeRawBufferPointer(node))
            return TreeHash(hash.finalize())
        }
    }

    /// - Returns: nil where it is not 32 bytes.
    public init?(bytes: some Collection<UInt8>) {
        guard bytes.count == Self.size else { return nil }
        words = Array(bytes).withUnsafeBytes { $0.loadUnaligned(as: SIMD4<UInt64>.self) }
    }

    /// The root of the tree without leaves.
    public static let ofNothing = TreeHash(SHA256.hash(data: [] as [UInt8]))

    /// 32 bytes.
    public var bytes: [UInt8] { withUnsafeBytes(of: words) { Array($0) } }

    /// As checkpoints and proofs write it.
    public var base64: String { Base64.encode(bytes) }

    /// - Returns: nil where it is not the base64 encoding of 32 bytes.
    public init?(base64: some StringProtocol) {
        guard let bytes = Base64.decode(base64.utf8) else { return nil }
        self.init(bytes: bytes)
    }
}
