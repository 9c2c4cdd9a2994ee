import Glibc
import HoopxCore
import HoopxLinux
import Testing

@Suite struct PrivateDirectoryTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    @Test func itIsMadeWithItsParentsForTheOwnerAlone() throws {
        _ = try PrivateDirectory("\(scratch.path)/a/b")
        #expect(scratch.mode(of: "a") == 0o700)
        #expect(scratch.mode(of: "a/b") == 0o700)
    }

    @Test func oneThatOthersMayEnterIsRefused() throws {
        mkdir("\(scratch.path)/open", 0o700)
        chmod("\(scratch.path)/open", 0o750)
        let error = #expect(throws: HoopxError.self) { _ = try PrivateDirectory("\(scratch.path)/open") }
        #expect(error?.hint == "chmod 700 \(scratch.path)/open")
    }

    @Test func aSymbolicLinkInItsPlaceIsRefused() throws {
        mkdir("\(scratch.path)/real", 0o700)
        symlink("\(scratch.path)/real", "\(scratch.path)/link")
        #expect(throws: HoopxError.self) { _ = try PrivateDirectory("\(scratch.path)/link") }
    }

    @Test(.enabled(if: geteuid() == 0, "an ordinary user cannot give a directory away"))
    func oneOfAnotherUserIsRefused() throws {
        mkdir("\(scratch.path)/theirs", 0o700)
        chown("\(scratch.path)/theirs", 65534, 65534)
        #expect(throws: HoopxError.self) { _ = try PrivateDirectory("\(scratch.path)/theirs") }
    }

    @Test func aFileIsForTheOwnerAloneAndReplacesAnOlderOne() throws {
        let directory = try PrivateDirectory("\(scratch.path)/a")
        try directory.write("first".utf8, to: "file")
        try directory.write("second".utf8, to: "file")
        #expect(scratch.text(of: "a/file") == "second")
        #expect(scratch.mode(of: "a/file") == 0o600)
        #expect(scratch.names(in: "a") == ["file"], "nothing temporary is left")
    }

    @Test func aFileThatCannotBeWrittenLeavesNothing() throws {
        let directory = try PrivateDirectory("\(scratch.path)/a")
        mkdir("\(scratch.path)/a/file", 0o700)
        #expect(throws: HoopxError.self) { try directory.write("text".utf8, to: "file") }
        #expect(scratch.names(in: "a") == ["file"])
    }

    @Test func removingIsForGood() throws {
        let directory = try PrivateDirectory.makeTemporary(in: scratch.path, prefix: "run-")
        try directory.write("text".utf8, to: "file")
        try directory.remove()
        #expect(scratch.names(in: "") == [])
        try directory.remove()
    }
}
