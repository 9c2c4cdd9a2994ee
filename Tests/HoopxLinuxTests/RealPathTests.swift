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

    @Test func everyLinkOnAWayIsNamedByItsOwnPlace() throws {
        let scratch = try Scratch()
        let home = RealPath.resolve(scratch.path)
        for directory in ["/tool", "/tool/bin", "/bin"] { #expect(mkdir(home + directory, 0o700) == 0) }
        #expect(symlink("tool", home + "/current") == 0)
        #expect(symlink("python3", home + "/tool/bin/python") == 0)
        #expect(symlink(home + "/current/bin/python", home + "/bin/print") == 0)
        #expect(
            RealPath.links(on: home + "/tool/../bin/./print")
                == ["/bin/print", "/current", "/tool/bin/python"].map { home + $0 })
        #expect(RealPath.links(on: home + "/tool/bin") == [])
        #expect(symlink("round", home + "/round") == 0)
        #expect(RealPath.links(on: home + "/round").count == 40)
    }

    @Test(arguments: ["/", "/no-such-directory", "/no-such-directory/x"]) func whatIsNotThereStaysAsItIs(path: String) {
        #expect(RealPath.resolve(path) == path)
    }
}
