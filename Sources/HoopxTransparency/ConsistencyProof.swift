/// That a tree begins with all leaves of an older one (RFC 6962, 2.1.2).
public struct ConsistencyProof: Hashable, Sendable {
    public let oldSize: Int64
    public let newSize: Int64
    /// Empty where the older tree has no leaves, or as many.
    public let path: [TreeHash]

    public init(oldSize: Int64, newSize: Int64, path: [TreeHash]) {
        self.oldSize = oldSize
        self.newSize = newSize
        self.path = path
    }

    /// Proves that the tree, as it was with `newSize` leaves, begins with what it had been with `oldSize`.
    public init<Nodes: TreeNodes>(
        from oldSize: Int64, to newSize: Int64, in nodes: Nodes
    ) throws(Nodes.Failure) {
        precondition((0...newSize).contains(oldSize))
        var path: [TreeHash] = []
        var leaves = 0..<newSize
        // Whether the older tree's root is still that of the leaves considered: then the verifier has it.
        var isWhole = true
        if oldSize > 0 {
            while leaves.upperBound != oldSize {
                let middle = leaves.lowerBound + leftSize(of: Int64(leaves.count))
                if oldSize <= middle {
                    path.append(try nodes.root(of: middle..<leaves.upperBound))
                    leaves = leaves.lowerBound..<middle
                } else {
                    path.append(try nodes.root(of: leaves.lowerBound..<middle))
                    leaves = middle..<leaves.upperBound
                    isWhole = false
                }
            }
            if !isWhole { path.append(try nodes.root(of: leaves)) }
        }
        self.init(oldSize: oldSize, newSize: newSize, path: path.reversed())
    }

    /// Whether it proves that the tree with one root begins with that of the other (RFC 9162, 2.1.4.2).
    public func verifies(oldRoot: TreeHash, newRoot: TreeHash) -> Bool {
        guard oldSize >= 0, oldSize <= newSize else { return false }
        guard oldSize < newSize else { return path.isEmpty && oldRoot == newRoot }
        // Every tree begins with the one that has no leaves.
        guard oldSize > 0 else { return path.isEmpty && oldRoot == .ofNothing }
        var rest = path[...]
        if oldSize & (oldSize - 1) == 0 { rest = [oldRoot] + rest }
        guard let first = rest.popFirst() else { return false }
        var (node, last) = (oldSize - 1, newSize - 1)
        while node & 1 == 1 { (node, last) = (node >> 1, last >> 1) }
        var (old, new) = (first, first)
        for hash in rest {
            guard last != 0 else { return false }
            if node & 1 == 1 || node == last {
                (old, new) = (TreeHash(left: hash, right: old), TreeHash(left: hash, right: new))
                while node & 1 == 0, node != 0 { (node, last) = (node >> 1, last >> 1) }
            } else {
                new = TreeHash(left: new, right: hash)
            }
            (node, last) = (node >> 1, last >> 1)
        }
        return last == 0 && old == oldRoot && new == newRoot
    }
}
