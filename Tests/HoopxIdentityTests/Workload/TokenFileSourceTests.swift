import Glibc
import HoopxCore
import HoopxTestSupport
import Testing

@testable import HoopxIdentity

@Suite(.timeLimit(.minutes(1))) final class TokenFileSourceTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory(owner: .current) }

    deinit { directory.remove() }

    @Test func theFileIsReadAnewForEachToken() async throws {
        let path = try directory.file("token", "a.b.c\n")
        let source = TokenFileSource(path: path)
        #expect(try source.token(audience: nil).text == "a.b.c")
        try directory.file("token", "d.e.f")
        #expect(try source.token(audience: "any").text == "d.e.f")
        #expect(source.secretFiles == [path] && source.secretVariables == [] && !source.choosesAudience)
        #expect(source.method == .tokenFile && source.defaultIssuer == nil)
    }

    /// As a kubelet lays it out, and as it rotates it.
    @Test func aProjectedTokenIsFollowedThroughItsLinks() async throws {
        for (volume, token) in [("..one", "a.b.c"), ("..two", "d.e.f")] {
            try directory.directory(volume)
            try directory.file(volume + "/token", token, mode: 0o640)
        }
        let root = directory.path
        try #require(symlink("..one", root + "/..data") == 0 && symlink("..data/token", root + "/token") == 0)
        let source = TokenFileSource(path: root + "/token")
        #expect(try source.token(audience: nil).text == "a.b.c")
        try #require(symlink("..two", root + "/..new") == 0 && rename(root + "/..new", root + "/..data") == 0)
        #expect(try source.token(audience: nil).text == "d.e.f")
        #expect(source.secretFiles == [root], "the next rotation makes a file that has no name yet")
    }

    @Test func aLinkElsewhereIsKeptTogetherWithItsFile() throws {
        let path = try directory.file("token", "a.b.c")
        let link = directory.path + "/link"
        try #require(symlink("token", link) == 0)
        #expect(Set(TokenFileSource(path: link).secretFiles) == [link, path])
        #expect(TokenFileSource(path: "/nonexistent/token").secretFiles == ["/nonexistent/token"])
    }

    @Test(arguments: [0o600, 0o640, 0o644, 0o444, 0o660])
    func othersMayRead(mode: Int) throws {
        #expect(
            try TokenFileSource(path: directory.file("token", "a.b.c", mode: mode)).token(audience: nil).text == "a.b.c"
        )
    }

    @Test func everybodyMustNotWrite() async throws {
        let path = try directory.file("token", "a.b.c", mode: 0o646)
        let error = await failure(of: TokenFileSource(path: path))
        #expect(error?.doing == "getting the ID token from the file \(path)")
        #expect(error?.found == "every user may change it (mode 646)")
        #expect(error?.hint == "chmod o-w \(path)")
    }

    @Test func whatIsNoTokenFileIsOneError() async throws {
        let secret = "not-a-token"
        for (name, text) in [
            ("words", secret), ("empty", ""), ("long", "a.b." + String(repeating: "c", count: 20_000)),
        ] {
            let error = try #require(await failure(of: TokenFileSource(path: directory.file(name, text))))
            #expect(!error.description.contains(secret))
            #expect(error.found == (name == "long" ? "it is longer than 16384 bytes" : "it holds no ID token (a JWT)"))
        }
        let fifo = directory.path + "/fifo"
        try #require(mkfifo(fifo, 0o600) == 0)
        #expect(await failure(of: TokenFileSource(path: fifo))?.found == "it is not a regular file")
        #expect(await failure(of: TokenFileSource(path: directory.path))?.found == "it is not a regular file")
        #expect(
            await failure(of: TokenFileSource(path: directory.path + "/none"))?.found.contains("ENOENT") == true)
        #expect(await failure(of: TokenFileSource(path: "/dev/zero"))?.found == "it is not a regular file")
    }

    @Test func anotherUsersFileIsRefused() async throws {
        let path = try directory.file("token", "a.b.c", mode: 0o644)
        // Without root, no test can make a file of another's; one of the system's is there, but root's are taken.
        guard getuid() == 0 else { return }
        try #require(chown(path, 65534, 65534) == 0)
        #expect(
            await failure(of: TokenFileSource(path: path))?.found
                == "it belongs to uid 65534, neither to you (uid 0) nor to root")
    }
}
