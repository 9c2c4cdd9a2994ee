import Glibc
import HoopxCore
import HoopxTestSupport
import HoopxTransparency
import Testing

@testable import HoopxAudit

struct AnchorTests {
    private static let signer = LogSigner.generate(origin: "hoopx.local/00ff")

    private static func signed(_ size: Int64, root: TreeHash = .ofNothing) throws -> SignedCheckpoint {
        try SignedCheckpoint(signer.sign(Checkpoint(origin: "hoopx.local/00ff", size: size, root: root)))
    }

    private static func withDirectory(_ body: (TemporaryDirectory) throws -> Void) throws {
        let directory = try TemporaryDirectory(owner: .current)
        defer { directory.remove() }
        try body(directory)
    }

    private static func sizes(_ file: AnchorFile) -> [Int64?] {
        CheckpointSequence(text(file.path)).entries.map { try? $0.result.get().checkpoint.size }
    }

    private static func text(_ path: String) -> String {
        guard let file = fopen(path, "r") else { return "" }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 1 << 16)
        let count = fread(&bytes, 1, bytes.count, file)
        return String(decoding: bytes[..<count], as: UTF8.self)
    }

    /// Opening one waits for whoever reads it, maybe for ever.
    @Test func whatIsNoFileIsRefusedAtOnce() throws {
        try Self.withDirectory { directory in
            let path = directory.path + "/anchor"
            #expect(mkfifo(path, 0o600) == 0)
            #expect(throws: HoopxError.self) { try AnchorFile(path: path).append(try Self.signed(1).note) }
            #expect(throws: HoopxError.self) { try AnchorFile(path: "/dev/null").append(try Self.signed(1).note) }
        }
    }

    @Test func aFileGetsOneCheckpointAfterTheOther() throws {
        try Self.withDirectory { directory in
            let file = AnchorFile(path: directory.path + "/anchor")
            for size in 1...3 as ClosedRange<Int64> { try file.append(try Self.signed(size).note) }
            #expect(Self.sizes(file) == [1, 2, 3])
            var status = stat()
            #expect(lstat(file.path, &status) == 0 && status.st_mode == S_IFREG | 0o600)
        }
    }

    @Test func whatAnotherCouldNotEndSwallowsNoCheckpoint() throws {
        try Self.withDirectory { directory in
            let file = AnchorFile(path: directory.path + "/anchor")
            for torn in [
                "h", "hoopx.local/00ff\n1\n", "hoopx.local/00ff\n1\nCsUY\n\n",
                "hoopx.local/00ff\n1\nCsUY\n\n\u{2014} h",
            ] {
                try directory.file("anchor", torn)
                try file.append(try Self.signed(5).note)
                #expect(Self.sizes(file).last == 5, "\(torn)")
            }
        }
    }

    @Test func aDirectoryThatIsNotThereIsNotMade() throws {
        try Self.withDirectory { directory in
            let place = directory.path + "/mount"
            #expect(throws: HoopxError.self) { try AnchorFile(path: place + "/anchor").append(try Self.signed(1).note) }
            #expect(throws: HoopxError.self) { try AnchorDirectory(path: place).put(try Self.signed(1)) }
            #expect(directory.contents().isEmpty)
        }
    }

    @Test func aDirectoryGetsAFileForEachCheckpoint() throws {
        try Self.withDirectory { directory in
            let place = AnchorDirectory(path: directory.path)
            let checkpoints = [try Self.signed(1), try Self.signed(1_000_000)]
            for checkpoint in checkpoints {
                try place.put(checkpoint)
                // Another process may have been quicker with the same.
                try place.put(checkpoint)
            }
            let names = ["hoopx.local-00ff-000000000001.checkpoint", "hoopx.local-00ff-000001000000.checkpoint"]
            #expect(Set(directory.contents()) == Set(names))
            #expect(names.map { Self.text("\(directory.path)/\($0)") } == checkpoints.map(\.note.encoded))
        }
    }

    @Test func anotherCheckpointOfTheSameSizeIsNotWrittenOver() throws {
        try Self.withDirectory { directory in
            let place = AnchorDirectory(path: directory.path)
            let first = try Self.signed(7)
            try place.put(first)
            let other = try Self.signed(7, root: TreeHash(leaf: [1]))
            let error = #expect(throws: HoopxError.self) { try place.put(other) }
            #expect(error?.found == "it has another checkpoint of 7 events")
            #expect(Self.text(place.file(of: first.checkpoint)) == first.note.encoded)
        }
    }

    @Test func noNameOfALogLeavesTheDirectory() {
        let place = AnchorDirectory(path: "/anchors")
        for origin in ["../../etc/passwd", "/etc/passwd", "a/../b", "\u{e9}\u{2014}/x"] {
            let file = place.file(of: Checkpoint(origin: origin, size: 1, root: .ofNothing))
            #expect(file.dropFirst("/anchors/".count).allSatisfy { $0 != "/" } && file.hasPrefix("/anchors/"))
        }
    }
}
