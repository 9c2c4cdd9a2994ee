import Foundation
import Glibc
import Testing

@testable import HoopxSandbox

@Suite struct RecentProgramsTests {
    private func within(_ body: (Directory) throws -> Void) throws {
        let directory = try Directory()
        defer { try? FileManager.default.removeItem(atPath: directory.path) }
        try body(directory)
    }

    private struct Directory {
        let path = "/var/tmp/hoopx-programs-\(UUID().uuidString)"

        init() throws { try #require(mkdir(path, 0o700) == 0) }

        func file(_ name: String, mode: mode_t = 0o755) throws -> String {
            let file = path + "/" + name
            close(try #require(Optional(creat(file, mode))))
            return file
        }
    }

    /// Calls as the kernel has a path: bytes, and a null byte that does not count.
    private func with<Result>(_ path: String, _ body: (UnsafeBufferPointer<CChar>) -> Result) -> Result {
        path.withCString { body(UnsafeBufferPointer(start: $0, count: strlen($0))) }
    }

    @Test func whatIsNoExecutableFileOrNoAbsolutePathIsNotTakenUp() throws {
        try within { directory in
            let plain = try directory.file("plain", mode: 0o644)
            var recent = RecentPrograms()
            for path in [plain, directory.path + "/none", plain + "/below", "true", "", "./true"] {
                #expect(!with(path) { recent.take($0) }, "\(path)")
                #expect(!with(path) { recent.contains($0) }, "\(path)")
            }
            // Relative to hoopx's own directory it would be there.
            let here = FileManager.default.currentDirectoryPath
            let up = String(repeating: "../", count: here.split(separator: "/").count) + "bin/sh"
            #expect(access(up, X_OK) == 0)
            #expect(!with(up) { recent.take($0) })
        }
    }

    @Test func aPathIsKnownWholeAndByItsBytes() throws {
        try within { directory in
            let program = try directory.file("program")
            var recent = RecentPrograms()
            #expect(!with(program) { recent.contains($0) })
            #expect(with(program) { recent.take($0) })
            #expect(with(program) { recent.contains($0) })
            for path in [String(program.dropLast()), program + "s", "/" + program, program.uppercased(), ""] {
                #expect(!with(path) { recent.contains($0) }, "\(path)")
            }
        }
    }

    /// What is documented: it fails still, where the kernel looks.
    @Test func aFileThatWasRemovedIsTakenForOneThatIsThereUntilOthersHaveItsPlace() throws {
        try within { directory in
            let names = try (0..<17).map { try directory.file("program\($0)") }
            var recent = RecentPrograms()
            #expect(with(names[0]) { recent.take($0) })
            #expect(unlink(names[0]) == 0)
            #expect(with(names[0]) { recent.contains($0) })
            for name in names[1..<16] { #expect(with(name) { recent.take($0) }) }
            #expect(with(names[0]) { recent.contains($0) }, "there is room for sixteen")
            #expect(with(names[16]) { recent.take($0) })
            #expect(!with(names[0]) { recent.contains($0) })
            #expect(!with(names[0]) { recent.take($0) }, "it is looked for anew")
            for name in names[1...] { #expect(with(name) { recent.contains($0) }, "\(name)") }
        }
    }

    /// The oldest goes first, again and again.
    @Test func theLastSixteenAreKnown() throws {
        try within { directory in
            let names = try (0..<40).map { try directory.file("program\($0)") }
            var recent = RecentPrograms()
            for (index, name) in names.enumerated() {
                #expect(with(name) { recent.take($0) })
                for (other, known) in names.enumerated() {
                    #expect(
                        with(known) { recent.contains($0) } == (other <= index && other > index - 16),
                        "\(other) after \(index)")
                }
            }
        }
    }
}
