import Glibc
import HoopxCore
import HoopxTestSupport
import Testing

@testable import HoopxSession

@Suite(.timeLimit(.minutes(1))) struct ClientSecretFileTests {
    private func withFile(_ text: String, mode: Int = 0o600, _ body: (String) throws -> Void) throws {
        let directory = try TemporaryDirectory(owner: .current)
        defer { directory.remove() }
        try body(try directory.file("secret", text, mode: mode))
    }

    private func failure(_ path: String) -> HoopxError? {
        #expect(throws: HoopxError.self) { _ = try ClientSecretFile.read(path) }
    }

    @Test(arguments: ["s e&cret", "s e&cret\n", " \ts e&cret\r\n\n"])
    func whatStandsInTheFileIsTheSecret(text: String) throws {
        try withFile(text) { path in
            try ClientSecretFile.read(path).withValue { #expect($0 == "s e&cret") }
        }
    }

    @Test(arguments: [0o640, 0o604, 0o620, 0o602]) func aFileThatOthersCanUseIsRefused(mode: Int) throws {
        try withFile("hunter2", mode: mode) { path in
            let error = failure(path)
            #expect(error?.kind == .usage && error?.hint == "chmod 600 \(path)")
            #expect(error?.description.contains("hunter2") == false)
        }
    }

    @Test(arguments: ["", " \n", "hunter2\nhunter2", "hunter2\u{0}", "hunter2\u{e9}"])
    func whatCannotBeASecretIsRefusedAndNotShown(text: String) throws {
        try withFile(text) { path in
            let error = try #require(failure(path))
            #expect(error.doing == "reading the client secret in \(path)" && !error.description.contains("hunter2"))
        }
    }

    @Test func aSecretHasAtMost4096Bytes() throws {
        try withFile(String(repeating: "s", count: 4_096)) { _ = try ClientSecretFile.read($0) }
        try withFile(String(repeating: "s", count: 4_097)) { path in
            #expect(failure(path)?.found == "it is longer than 4096 bytes")
        }
    }

    @Test func whatIsNoFileIsRefusedAtOnce() throws {
        let directory = try TemporaryDirectory(owner: .current)
        defer { directory.remove() }
        let fifo = directory.path + "/fifo"
        try #require(mkfifo(fifo, 0o600) == 0)
        for path in [fifo, directory.path, "/dev/zero"] {
            #expect(failure(path)?.found == "it is not a regular file")
        }
        #expect(failure(directory.path + "/none")?.found == "no such file or directory (ENOENT)")
    }
}
