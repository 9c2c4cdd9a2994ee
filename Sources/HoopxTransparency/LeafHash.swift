import Crypto

/// The hash of a leaf or node of the log's tree: SHA-256 (RFC 6962, 2.1).
public struct TreeHash: Hashable, Sendable {
    /// 32 bytes.
    public let bytes: [UInt8]

    public init(leaf: some Sequence<UInt8>) { bytes = Array(SHA256.hash(data: [0] + leaf)) }
}
