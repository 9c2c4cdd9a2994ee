import Glibc
import Testing

@testable import HoopxLinux

@Suite struct RealPathTests {
    @Test func linksAreFollowedAsFarAsThePathExists() throws {
        let scratch = try Scratch()
        #expect(mkdir(scratch.path + "/real", 0o700) == 0)
        #expect(symlink("real", scratch.path + "/link") == 0)
        let real = RealPath.resolve(scratch.path) + "/real"
        #expect(RealPath.resolve(scratch.path + "/link") == real)
        #expect(RealPath.resolve(scratch.path + "/link/not/there") == real + "/not/there")
        #expect(RealPath.resolve(scratch.path + "/link/../real/") == real)
    }

    @Test(arguments: ["/", "/no-such-directory", "/no-such-directory/x"]) func whatIsNotThereStaysAsItIs(path: String) {
        #expect(RealPath.resolve(path) == path)
    }
}
