import Crypto
import HoopxTransparency
import Testing

struct TreeHashTests {
    @Test func aLeafIsHashedBehindAZero() {
        #expect(TreeHash(leaf: Array("a".utf8)).bytes == Array(SHA256.hash(data: [0, 0x61] as [UInt8])))
    }
}
