/// That a leaf is in a tree (RFC 6962, 2.1.1).
public struct InclusionProof: Hashable, Sendable {
    /// From 0.
    public let leafIndex: Int64
    public let treeSize: Int64
    /// From the leaf's neighbour up to the root's child.
    public let path: [TreeHash]

    public init(leafIndex: Int64, treeSize: Int64, path: [TreeHash]) {
        self.leafIndex = leafIndex
        self.treeSize = treeSize
        self.path = path
    }

    /// Proves that a leaf is in the tree as it was with `treeSize` leaves.
    public init<Nodes: TreeNodes>(
        of leafIndex: Int64, treeSize: Int64, in nodes: Nodes
    ) throws(Nodes.Failure) {
        precondition((0..<treeSize).contains(leafIndex))
        var path: [TreeHash] = []
        var leaves = 0..<treeSize
        while leaves.count > 1 {
            let middle = leaves.lowerBound + leftSize(of: Int64(leaves.count))
            let (left, right) = (leaves.lowerBound..<middle, middle..<leaves.upperBound)
            path.append(try nodes.root(of: leafIndex < middle ? right : left))
            leaves = leafIndex < middle ? left : right
        }
        self.init(leafIndex: leafIndex, treeSize: treeSize, path: path.reversed())
    }

    /// Whether it proves that a leaf is in the tree with this root (RFC 9162, 2.1.3.2).
    public func verifies(leaf: TreeHash, root: TreeHash) -> Bool {
        guard leafIndex >= 0, leafIndex < treeSize else { return false }
        var (node, last) = (leafIndex, treeSize - 1)
        var result = leaf
        for hash in path {
            guard last != 0 else { return false }
            if node & 1 == 1 || node == last {
                result = TreeHash(left: hash, right: result)
                while node & 1 == 0, node != 0 { (node, last) = (node >> 1, last >> 1) }
            } else {
                result = TreeHash(left: result, right: hash)
            }
            (node, last) = (node >> 1, last >> 1)
        }
        return last == 0 && result == root
    }
}
