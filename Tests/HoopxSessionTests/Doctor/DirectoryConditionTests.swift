import Glibc
import HoopxTestSupport
import Testing

@testable import HoopxSession

@Suite struct DirectoryConditionTests {
    @Test func aDirectoryIsExaminedWithoutMakingIt() throws {
        try Self.withDirectory { directory in
            let (inner, path) = (directory.path + "/a", directory.path + "/a/b")
            #expect(DirectoryCondition(of: path) == .creatable)
            #expect(access(inner, F_OK) != 0)
            try directory.directory("a/b")
            #expect(DirectoryCondition(of: path) == .usable)
        }
    }

    @Test func aDirectoryThatIsNotTheUsersAloneIsUnusable() throws {
        try Self.withDirectory { directory in
            let path = try directory.directory("open")
            chmod(path, 0o750)
            #expect(
                DirectoryCondition(of: path)
                    == .unusable(found: "other users may enter it", remedy: "chmod 700 \(path)"))
            let file = try directory.file("file", "")
            guard case .unusable(let found, _) = DirectoryCondition(of: file) else {
                Issue.record("a file is no directory")
                return
            }
            #expect(found == "it is not a directory")
        }
    }

    @Test func whatCannotBeMadeIsUnusable() throws {
        try Self.withDirectory { directory in
            let path = try directory.file("file", "") + "/below"
            guard case .unusable(let found, _) = DirectoryCondition(of: path) else {
                Issue.record("a file takes no directories")
                return
            }
            #expect(found == "not a directory (ENOTDIR)")
        }
    }

    private static func withDirectory(_ body: (TemporaryDirectory) throws -> Void) throws {
        let directory = try TemporaryDirectory(owner: .current)
        defer { directory.remove() }
        try body(directory)
    }
}
