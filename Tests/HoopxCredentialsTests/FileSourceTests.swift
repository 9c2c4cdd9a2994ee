import Glibc
import HoopxCore
import HoopxTestSupport
import Testing

@testable import HoopxCredentials

@Suite struct FileSourceTests {
    @Test(arguments: ["token", "token\n", "  token\r\n\n"])
    func theFilesTextIsTheToken(text: String) async throws {
        try await withFile(text) { path in
            let lease = try await FileSource(path: path, header: .bearer).lease()
            #expect(lease.token.withValue { $0 } == "token")
        }
    }

    @Test(arguments: [0o600, 0o400])
    func aFileOfTheOwnersAloneIsRead(mode: Int) async throws {
        try await withFile("token", mode: mode) { path in
            _ = try await FileSource(path: path, header: .bearer).lease()
        }
    }

    @Test(arguments: [0o640, 0o604, 0o644, 0o620, 0o602, 0o610])
    func aFileThatOthersCanUseIsRefused(mode: Int) async throws {
        try await withFile("hunter2", mode: mode) { path in
            let error = await #expect(throws: HoopxError.self) {
                try await FileSource(path: path, header: .bearer).lease()
            }
            #expect(error?.hint == "chmod 600 \(path)")
            #expect(error?.description.contains("hunter2") == false)
        }
    }

    @Test(arguments: ["", "\n", "a\nb", "a\u{0}b", "a b"])
    func whatCannotStandInAHeaderIsRefused(text: String) async throws {
        try await withFile(text) { path in
            await #expect(throws: HoopxError.self) { try await FileSource(path: path, header: .bearer).lease() }
        }
    }

    @Test func theLongestTokenFitsAndNoLongerOne() async throws {
        try await withFile(String(repeating: "a", count: 16_384) + "\n") { path in
            _ = try await FileSource(path: path, header: .bearer).lease()
        }
        for count in [16_385, 1 << 20] {
            try await withFile(String(repeating: "a", count: count)) { path in
                let error = await #expect(throws: HoopxError.self) {
                    try await FileSource(path: path, header: .bearer).lease()
                }
                #expect(error?.found == "it is longer than 16384 bytes")
            }
        }
    }

    @Test func whatIsNoFileIsRefused() async throws {
        let directory = try TemporaryDirectory(owner: .current)
        defer { directory.remove() }
        let fifo = directory.path + "/fifo"
        #expect(mkfifo(fifo, 0o600) == 0)
        for path in [directory.path, fifo, "/dev/null"] {
            let error = await #expect(throws: HoopxError.self) {
                try await FileSource(path: path, header: .bearer).lease()
            }
            #expect(error?.found == "it is not a regular file")
        }
        let missing = await #expect(throws: HoopxError.self) {
            try await FileSource(path: directory.path + "/missing", header: .bearer).lease()
        }
        #expect(missing?.found == "no such file or directory (ENOENT)")
    }

    @Test func anotherUsersFileIsRefused() async throws {
        // Only root can make a file another's.
        guard getuid() == 0 else { return }
        try await withFile("hunter2") { path in
            try #require(chown(path, 65_534, 65_534) == 0)
            let error = await #expect(throws: HoopxError.self) {
                try await FileSource(path: path, header: .bearer).lease()
            }
            #expect(error?.found == "it belongs to uid 65534, not to you (uid 0)")
        }
    }

    @Test func aLinkIsFollowedToWhatIsChecked() async throws {
        try await withFile("token", mode: 0o644) { path in
            #expect(symlink(path, path + ".link") == 0)
            defer { unlink(path + ".link") }
            await #expect(throws: HoopxError.self) {
                try await FileSource(path: path + ".link", header: .bearer).lease()
            }
            #expect(chmod(path, 0o600) == 0)
            _ = try await FileSource(path: path + ".link", header: .bearer).lease()
        }
    }

    @Test func aReplacedFileServesAfterAWhile() async throws {
        try await withFile("old") { path in
            let holder = LeaseHolder(FileSource(path: path, header: .bearer))
            let first = try await holder.lease()
            #expect(first.token.withValue { $0 } == "old")
            try write("new", to: path)
            let due = ContinuousClock.now + FileSource.refreshInterval
            #expect(holder.current()?.token.withValue { $0 } == "old")
            _ = holder.current(at: due)
            try await eventually("the new token") { holder.current()?.token.withValue { $0 } == "new" }
        }
    }

    @Test func aFileThatIsGoneServesUntilItsLeaseEnds() async throws {
        try await withFile("token") { path in
            let holder = LeaseHolder(FileSource(path: path, header: .bearer))
            let lease = try await holder.lease()
            unlink(path)
            let end = try #require(lease.expiresAt)
            #expect(holder.current(at: end - .seconds(1)) != nil)
            #expect(holder.current(at: end) == nil)
            await #expect(throws: HoopxError.self) { try await holder.lease(at: end) }
            try write("token", to: path)
        }
    }

    private func withFile(_ text: String, mode: Int = 0o600, _ body: (String) async throws -> Void) async throws {
        let directory = try TemporaryDirectory(owner: .current)
        defer { directory.remove() }
        try await body(try directory.file("token", text, mode: mode))
    }

    private func write(_ text: String, to path: String) throws {
        let temporary = path + ".new"
        let descriptor = open(temporary, O_CREAT | O_WRONLY | O_EXCL, 0o600)
        #expect(Glibc.write(descriptor, text, text.utf8.count) == text.utf8.count)
        close(descriptor)
        #expect(rename(temporary, path) == 0)
    }
}
