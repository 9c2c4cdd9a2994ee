import Crypto
import HoopxTransparency
import Testing

struct TreeTests {
    /// The leaves and roots of the Certificate Transparency test suite (google/certificate-transparency, merkletree).
    static let leaves: [[UInt8]] = [
        [], [0x00], [0x10], [0x20, 0x21], [0x30, 0x31], [0x40, 0x41, 0x42, 0x43], Array(0x50...0x57),
        Array(0x60...0x6f),
    ]
    static let roots = [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ]

    static func hexadecimal(_ hash: TreeHash) -> String {
        hash.bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }

    @Test func leavesAndNodesAreHashedBehindDifferentBytes() {
        let a = TreeHash(leaf: Array("a".utf8))
        let b = TreeHash(leaf: Array("b".utf8))
        #expect(a.bytes == Array(SHA256.hash(data: [0, 0x61] as [UInt8])))
        #expect(TreeHash(left: a, right: b).bytes == Array(SHA256.hash(data: [1] + a.bytes + b.bytes)))
        #expect(TreeHash.ofNothing.bytes == Array(SHA256.hash(data: [] as [UInt8])))
    }

    @Test func theRootsAreThoseOfCertificateTransparency() {
        var frontier = TreeFrontier()
        #expect(frontier.root == .ofNothing)
        for (leaf, root) in zip(Self.leaves, Self.roots) {
            frontier.append(TreeHash(leaf: leaf))
            #expect(Self.hexadecimal(frontier.root) == root)
        }
    }

    @Test func theProofsAreThoseOfCertificateTransparency() {
        let tree = ReferenceTree(leaves: Self.leaves.map { TreeHash(leaf: $0) })
        let expected = [
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        ]
        #expect(InclusionProof(of: 0, treeSize: 8, in: tree).path.map(Self.hexadecimal) == expected)
        #expect(ConsistencyProof(from: 1, to: 8, in: tree).path.map(Self.hexadecimal) == expected)
    }

    @Test func theFrontierHasTheRootOfEveryTree() {
        let tree = ReferenceTree(size: 600)
        var frontier = TreeFrontier()
        for size in 0..<600 {
            #expect(frontier.size == Int64(size))
            #expect(frontier.root == ReferenceTree.root(tree.leaves[..<size]))
            frontier.append(tree.leaves[size])
        }
    }

    @Test func theFrontierIsReadBackAsItWasWritten() {
        let tree = ReferenceTree(size: 300)
        var frontier = TreeFrontier()
        for leaf in tree.leaves {
            #expect(TreeFrontier(bytes: frontier.bytes) == frontier)
            frontier.append(leaf)
        }
    }

    @Test func whatIsNoFrontierIsNotRead() {
        var frontier = TreeFrontier()
        for leaf in ReferenceTree(size: 7).leaves { frontier.append(leaf) }
        let bytes = frontier.bytes
        #expect(TreeFrontier(bytes: [UInt8]()) == nil)
        #expect(TreeFrontier(bytes: bytes.dropLast()) == nil)
        #expect(TreeFrontier(bytes: bytes + [0]) == nil)
        // The size says how many roots there are, and cannot be negative.
        #expect(TreeFrontier(bytes: bytes[..<7] + [8] + bytes[8...]) == nil)
        #expect(TreeFrontier(bytes: [0x80] + bytes[1...] + [UInt8](repeating: 0, count: 32)) == nil)
    }

    @Test func thereIsANodeToKeepForEach256Leaves() {
        let size = 66_000
        let tree = ReferenceTree(size: size)
        var frontier = TreeFrontier()
        var kept: [TreeNode] = []
        for leaf in tree.leaves { kept += frontier.append(leaf) }
        let expected = [(8, size / 256), (16, size / 65_536)].flatMap { level, count in
            tree.hashes(level: level, numbers: 0..<Int64(count)).enumerated().map {
                TreeNode(level: level, number: Int64($0.offset), hash: $0.element)
            }
        }
        #expect(Set(kept) == Set(expected))
        #expect(kept.count == expected.count)
    }
}
