/// What of a tree is needed to append to it: the roots of the perfect subtrees along its right edge.
///
/// There is one for each bit of the size that is set, the largest first: at most 63, however large the tree.
public struct TreeFrontier: Hashable, Sendable {
    /// The number of leaves.
    public private(set) var size: Int64 = 0
    private var roots: [TreeHash] = []

    /// The tree without leaves.
    public init() {}

    /// Appends a leaf.
    ///
    /// - Returns: what nodes this completes of those that a reader of the tree keeps (`TreeNode.isKept`): one for each
    ///   256 leaves, from the lowest level upwards.
    @discardableResult public mutating func append(_ leaf: TreeHash) -> [TreeNode] {
        var completed: [TreeNode] = []
        var node = TreeNode(level: 0, number: size, hash: leaf)
        while size >> node.level & 1 == 1, let left = roots.popLast() {
            node = TreeNode(
                level: node.level + 1, number: node.number >> 1, hash: TreeHash(left: left, right: node.hash))
            if node.isKept { completed.append(node) }
        }
        roots.append(node.hash)
        size += 1
        return completed
    }

    /// The root of the whole tree.
    public var root: TreeHash {
        guard var root = roots.last else { return .ofNothing }
        for left in roots.dropLast().reversed() { root = TreeHash(left: left, right: root) }
        return root
    }

    /// The size in eight bytes, the most significant first, and the roots.
    public var bytes: [UInt8] { withUnsafeBytes(of: size.bigEndian) { Array($0) } + roots.flatMap(\.bytes) }

    /// - Returns: nil for bytes that are not those of any tree.
    public init?(bytes: some Collection<UInt8>) {
        let bytes = Array(bytes)
        guard bytes.count >= 8 else { return nil }
        size = Int64(bitPattern: bytes[..<8].reduce(0) { $0 << 8 | UInt64($1) })
        // No log grows so far, and what appends to it need not fear an overflow.
        guard (0..<1 << 53).contains(size), bytes.count == 8 + size.nonzeroBitCount * TreeHash.size else { return nil }
        roots = stride(from: 8, to: bytes.count, by: TreeHash.size).compactMap { start in
            TreeHash(bytes: bytes[start..<start + TreeHash.size])
        }
    }
}

/// The root of a perfect subtree: of 2^level leaves, from leaf `number` * 2^level on.
public struct TreeNode: Hashable, Sendable {
    public let level: Int
    public let number: Int64
    public let hash: TreeHash

    public init(level: Int, number: Int64, hash: TreeHash) {
        self.level = level
        self.number = number
        self.hash = hash
    }

    /// How many levels lie between two whose nodes are kept.
    static let keptLevels = 8

    /// Whether it is kept beside the leaves, so that a proof reads some hundred hashes instead of all.
    public var isKept: Bool { level > 0 && level.isMultiple(of: Self.keptLevels) }
}
