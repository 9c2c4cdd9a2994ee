import Foundation
import HoopxCore
import HoopxTestSupport
import Testing

@testable import HoopxSession

struct TargetBinaryTests {
    private func kind(_ body: () throws -> Void) -> HoopxError.Kind? {
        do {
            try body()
            return nil
        } catch {
            return (error as? HoopxError)?.kind
        }
    }

    @Test func theFirstExecutableOnThePathIsTaken() throws {
        let directory = try TemporaryDirectory(owner: .current)
        defer { directory.remove() }
        try directory.directory("a")
        try directory.directory("b")
        try directory.directory("a/tool")  // a directory is no command
        let tool = try directory.file("b/tool", "#!/bin/sh\n", mode: 0o755)
        let path = "\(directory.path)/missing:\(directory.path)/a:\(directory.path)/b"

        #expect(try TargetBinary.find("tool", searchPath: path).path == tool)
        #expect(try TargetBinary.find(tool, searchPath: nil).path == tool)
    }

    @Test func aMissingCommandAndOneThatMayNotRunAreToldApart() throws {
        let directory = try TemporaryDirectory(owner: .current)
        defer { directory.remove() }
        let plain = try directory.file("plain", "text", mode: 0o644)

        #expect(kind { _ = try TargetBinary.find("no-such-tool", searchPath: directory.path) } == .commandNotFound)
        #expect(kind { _ = try TargetBinary.find("", searchPath: directory.path) } == .commandNotFound)
        #expect(kind { _ = try TargetBinary.find(plain, searchPath: nil) } == .commandNotExecutable)
        #expect(kind { _ = try TargetBinary.find("plain", searchPath: directory.path) } == .commandNotExecutable)
    }

    @Test func theDigestIsOfTheFileThatWasOpenedAtTheStart() throws {
        let directory = try TemporaryDirectory(owner: .current)
        defer { directory.remove() }
        let path = try directory.file("tool", "abc", mode: 0o755)
        let digest = try BinaryDigest(of: TargetBinary(path: path))
        try FileManager.default.removeItem(atPath: path)

        // FIPS 180-2, appendix B.1
        #expect(digest.value() == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        #expect(digest.value() != nil, "the value can be asked for again")
    }

    @Test func aFileThatMayNotBeReadHasNoDigest() throws {
        #expect(try BinaryDigest(of: TargetBinary(path: "/nonexistent")).value() == nil)
    }
}
