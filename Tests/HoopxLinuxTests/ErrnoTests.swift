import Glibc
import HoopxLinux
import Testing

@Suite struct ErrnoTests {
    @Test func itReadsAsWordsAndItsSymbol() {
        #expect(Errno(ENOENT).description == "no such file or directory (ENOENT)")
        #expect(Errno(EACCES).description == "permission denied (EACCES)")
    }

    @Test func anUnknownNumberIsShownAsItIs() {
        #expect(Errno(4000).description == "error 4000")
    }

    @Test func aNegativeResultIsThrown() throws {
        #expect(throws: Errno(EPERM)) { try Errno.check(-EPERM) }
        #expect(try Errno.check(Int32(7)) == 7)
    }
}
