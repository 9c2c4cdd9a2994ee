import HoopxTransparency

/// The definitions of RFC 6962, 2.1, word by word: slow, and made in another way than what is tested.
struct ReferenceTree: TreeNodes {
    let leaves: [TreeHash]

    init(size: Int) { leaves = (0..<size).map { TreeHash(leaf: Array("leaf \($0)".utf8)) } }

    init(leaves: [TreeHash]) { self.leaves = leaves }

    /// MTH(D[n]).
    static func root(_ leaves: ArraySlice<TreeHash>) -> TreeHash {
        guard let first = leaves.first else { return .ofNothing }
        guard leaves.count > 1 else { return first }
        let middle = leaves.startIndex + split(leaves.count)
        return TreeHash(left: root(leaves[..<middle]), right: root(leaves[middle...]))
    }

    /// PATH(m, D[n]).
    static func path(_ index: Int, _ leaves: ArraySlice<TreeHash>) -> [TreeHash] {
        guard leaves.count > 1 else { return [] }
        let size = split(leaves.count)
        let middle = leaves.startIndex + size
        return index < size
            ? path(index, leaves[..<middle]) + [root(leaves[middle...])]
            : path(index - size, leaves[middle...]) + [root(leaves[..<middle])]
    }

    /// PROOF(m, D[n]), for 0 < m < n.
    static func proof(_ size: Int, _ leaves: ArraySlice<TreeHash>) -> [TreeHash] { subproof(size, leaves, true) }

    private static func subproof(_ size: Int, _ leaves: ArraySlice<TreeHash>, _ isWhole: Bool) -> [TreeHash] {
        if size == leaves.count { return isWhole ? [] : [root(leaves)] }
        let half = split(leaves.count)
        let middle = leaves.startIndex + half
        return size <= half
            ? subproof(size, leaves[..<middle], isWhole) + [root(leaves[middle...])]
            : subproof(size - half, leaves[middle...], false) + [root(leaves[..<middle])]
    }

    private static func split(_ count: Int) -> Int {
        var size = 1
        while size * 2 < count { size *= 2 }
        return size
    }

    func hashes(level: Int, numbers: Range<Int64>) -> [TreeHash] {
        numbers.map { number in Self.root(leaves[Int(number) << level..<Int(number + 1) << level]) }
    }
}
