import HoopxTestSupport
import Testing

@Suite struct StoredGzipTests {
    @Test func aMemberHoldsItsBytesBetweenHeaderAndChecksum() {
        let member = StoredGzip.compress(Array("123456789".utf8))
        #expect(member.starts(with: StoredGzip.header))
        // CRC-32 of "123456789" is the check value of every catalogue of CRCs.
        #expect(member.suffix(8) == [0x26, 0x39, 0xf4, 0xcb, 9, 0, 0, 0])
    }
}
