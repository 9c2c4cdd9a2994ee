/// Where proofs find the hashes of a tree.
public protocol TreeNodes {
    associatedtype Failure: Error

    /// The hashes of neighbouring perfect subtrees.
    ///
    /// - Parameters:
    ///   - level: 0 for leaves, or one whose nodes are kept (`TreeNode.isKept`): 8, 16, ...
    ///   - numbers: of the subtrees, from the left; all of them are complete.
    /// - Returns: as many hashes.
    func hashes(level: Int, numbers: Range<Int64>) throws(Failure) -> [TreeHash]
}

extension TreeNodes {
    /// The root of the tree as it was with so many leaves.
    public func root(size: Int64) throws(Failure) -> TreeHash { try root(of: 0..<size) }

    /// The root over some leaves (`MTH` of RFC 6962, 2.1), which begin where a subtree does.
    func root(of leaves: Range<Int64>) throws(Failure) -> TreeHash {
        guard !leaves.isEmpty else { return .ofNothing }
        let count = Int64(leaves.count)
        guard count & (count - 1) == 0 else {
            let middle = leaves.lowerBound + leftSize(of: count)
            return TreeHash(
                left: try root(of: leaves.lowerBound..<middle), right: try root(of: middle..<leaves.upperBound))
        }
        let level = count.trailingZeroBitCount / TreeNode.keptLevels * TreeNode.keptLevels
        var hashes = try hashes(level: level, numbers: leaves.lowerBound >> level..<leaves.upperBound >> level)
        precondition(hashes.count == Int(count >> level))
        while hashes.count > 1 {
            hashes = stride(from: 0, to: hashes.count, by: 2).map { TreeHash(left: hashes[$0], right: hashes[$0 + 1]) }
        }
        return hashes[0]
    }
}

/// The size of the left subtree: the largest power of two that is smaller than `count`, which is at least 2.
func leftSize(of count: Int64) -> Int64 { 1 << Int64(63 - (count - 1).leadingZeroBitCount) }
