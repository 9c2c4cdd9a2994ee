import HoopxTransparency
import Testing

struct ProofTests {
    private static let tree = ReferenceTree(size: 70)

    private static func root(_ size: Int) -> TreeHash { ReferenceTree.root(tree.leaves[..<size]) }

    @Test func everyInclusionProofIsThatOfTheDefinitionAndVerifies() {
        for size in 1...70 {
            for index in 0..<size {
                let proof = InclusionProof(of: Int64(index), treeSize: Int64(size), in: Self.tree)
                #expect(proof.path == ReferenceTree.path(index, Self.tree.leaves[..<size]))
                #expect(proof.verifies(leaf: Self.tree.leaves[index], root: Self.root(size)))
            }
        }
    }

    @Test func everyConsistencyProofIsThatOfTheDefinitionAndVerifies() {
        for newSize in 0...70 {
            for oldSize in 0...newSize {
                let proof = ConsistencyProof(from: Int64(oldSize), to: Int64(newSize), in: Self.tree)
                if oldSize > 0, oldSize < newSize {
                    #expect(proof.path == ReferenceTree.proof(oldSize, Self.tree.leaves[..<newSize]))
                } else {
                    #expect(proof.path.isEmpty)
                }
                #expect(proof.verifies(oldRoot: Self.root(oldSize), newRoot: Self.root(newSize)))
            }
        }
    }

    @Test func anInclusionProofProvesNothingElse() {
        let wrong = TreeHash(leaf: Array("another".utf8))
        for size in 1...20 {
            for index in 0..<size {
                let leaf = Self.tree.leaves[index]
                let root = Self.root(size)
                let proof = InclusionProof(of: Int64(index), treeSize: Int64(size), in: Self.tree)
                #expect(!proof.verifies(leaf: wrong, root: root))
                #expect(!proof.verifies(leaf: leaf, root: wrong))
                // No other place proves the same with this path, and no other path does it for this place. A larger tree
                // may have the same path beside the same leaf, but not the same root.
                for other in -1...size where other != index {
                    let moved = InclusionProof(leafIndex: Int64(other), treeSize: Int64(size), path: proof.path)
                    #expect(!moved.verifies(leaf: leaf, root: root))
                }
                for place in proof.path.indices {
                    var path = proof.path
                    path[place] = wrong
                    let changed = InclusionProof(leafIndex: Int64(index), treeSize: Int64(size), path: path)
                    #expect(!changed.verifies(leaf: leaf, root: root))
                }
                for path in [proof.path + [wrong], [wrong] + proof.path, Array(proof.path.dropLast())]
                where path != proof.path {
                    let longer = InclusionProof(leafIndex: Int64(index), treeSize: Int64(size), path: path)
                    #expect(!longer.verifies(leaf: leaf, root: root))
                }
            }
        }
    }

    @Test func aConsistencyProofProvesNothingElse() {
        let wrong = TreeHash(leaf: Array("another".utf8))
        for newSize in 1...20 {
            for oldSize in 1...newSize {
                let (old, new) = (Self.root(oldSize), Self.root(newSize))
                let proof = ConsistencyProof(from: Int64(oldSize), to: Int64(newSize), in: Self.tree)
                #expect(!proof.verifies(oldRoot: wrong, newRoot: new))
                #expect(!proof.verifies(oldRoot: old, newRoot: wrong))
                if oldSize < newSize { #expect(!proof.verifies(oldRoot: new, newRoot: old)) }
                for place in proof.path.indices {
                    var path = proof.path
                    path[place] = wrong
                    let changed = ConsistencyProof(oldSize: Int64(oldSize), newSize: Int64(newSize), path: path)
                    #expect(!changed.verifies(oldRoot: old, newRoot: new))
                }
                for path in [proof.path + [wrong], Array(proof.path.dropLast())] where path != proof.path {
                    let longer = ConsistencyProof(oldSize: Int64(oldSize), newSize: Int64(newSize), path: path)
                    #expect(!longer.verifies(oldRoot: old, newRoot: new))
                }
            }
        }
    }

    @Test func aForkIsNoContinuation() {
        // Another leaf in the old part: no proof that its log can make leads to the old root.
        var leaves = Self.tree.leaves
        leaves[11] = TreeHash(leaf: Array("forged".utf8))
        let fork = ReferenceTree(leaves: leaves)
        for oldSize in 12..<70 {
            let proof = ConsistencyProof(from: Int64(oldSize), to: 70, in: fork)
            #expect(!proof.verifies(oldRoot: Self.root(oldSize), newRoot: ReferenceTree.root(leaves[...])))
        }
    }

    @Test func numbersThatNoTreeHasAreRefused() {
        let root = Self.root(1)
        #expect(!InclusionProof(leafIndex: -1, treeSize: 1, path: []).verifies(leaf: root, root: root))
        #expect(!InclusionProof(leafIndex: 1, treeSize: 1, path: []).verifies(leaf: root, root: root))
        #expect(!InclusionProof(leafIndex: 0, treeSize: 0, path: []).verifies(leaf: root, root: root))
        #expect(!InclusionProof(leafIndex: 0, treeSize: .min, path: []).verifies(leaf: root, root: root))
        #expect(!ConsistencyProof(oldSize: -1, newSize: 1, path: []).verifies(oldRoot: root, newRoot: root))
        #expect(!ConsistencyProof(oldSize: 2, newSize: 1, path: []).verifies(oldRoot: root, newRoot: root))
        // The largest tree that there can be, with a path as long as it needs and longer.
        for length in [0, 62, 63, 64, 100] {
            let path = [TreeHash](repeating: root, count: length)
            #expect(!InclusionProof(leafIndex: .max - 1, treeSize: .max, path: path).verifies(leaf: root, root: root))
            #expect(
                !ConsistencyProof(oldSize: .max - 1, newSize: .max, path: path).verifies(oldRoot: root, newRoot: root))
        }
    }

    /// Hashes of a tree that nobody could keep in memory, and how many were asked for.
    private final class CountedNodes: TreeNodes {
        var count = 0

        func hashes(level: Int, numbers: Range<Int64>) -> [TreeHash] {
            #expect(level.isMultiple(of: 8))
            count += numbers.count
            return numbers.map { TreeHash(leaf: Array("\(level) \($0)".utf8)) }
        }
    }

    @Test(arguments: [1_000_000, 1_048_576, 999_999_999_999] as [Int64])
    func aProofOfALargeTreeReadsSomeHundredHashes(size: Int64) {
        let inclusion = CountedNodes()
        _ = InclusionProof(of: size / 3, treeSize: size, in: inclusion)
        // For each 8 levels the 256 beside the path, and as many at the tree's edge.
        let bound = 2 * 256 * ((64 - size.leadingZeroBitCount + 7) / 8)
        #expect(inclusion.count < bound, "\(inclusion.count)")
        let consistency = CountedNodes()
        _ = ConsistencyProof(from: size / 3, to: size, in: consistency)
        #expect(consistency.count < 2 * bound, "\(consistency.count)")
    }
}
