import Foundation
import HoopxAudit
import HoopxCore
import HoopxTestSupport
import Testing

@testable import HoopxSession

struct OrphanSweepTests {
    // A process that another test is just starting holds the lock of a dead run for a moment, so a sweep may have to be
    // asked again.

    @Test func whatAKilledRunLeftIsRemovedAndALivingRunIsNotTouched() async throws {
        let directory = try TemporaryDirectory(owner: .current)
        defer { directory.remove() }
        let base = RuntimeDirectory.Base(stateDirectory: directory.path)
        let store = try SQLiteAuditStore(directory: directory.path + "/state")
        let living = try #require(SessionID("20261123-11111111"))
        let dead = try #require(SessionID("20261123-22222222"))
        let livingFiles = try RuntimeDirectory(for: living, in: base)
        _ = try livingFiles.write([1], to: "roots.pem")
        // Its lock goes with the object, as the kernel lets go of it when a process dies.
        _ = try RuntimeDirectory(for: dead, in: base).write([1], to: "roots.pem")
        try directory.directory("run/not-a-session")

        try await eventually("the dead run's files to go") {
            try OrphanSweep(base: base, store: store).run()
            return !directory.contents(of: "run").contains("\(dead)")
        }
        try OrphanSweep(base: base, store: store).run()

        let left = Set(directory.contents(of: "run"))
        #expect(left == ["\(living)", "\(living)/roots.pem", "not-a-session"])
        withExtendedLifetime(livingFiles) {}
    }

    @Test func aProcessThatOutlivedItsRunIsKilled() async throws {
        let directory = try TemporaryDirectory(owner: .current)
        defer { directory.remove() }
        let base = RuntimeDirectory.Base(stateDirectory: directory.path)
        let store = try SQLiteAuditStore(directory: directory.path + "/state")
        let dead = SessionID.generate(day: "20261123")
        _ = try RuntimeDirectory(for: dead, in: base)
        let orphan = try RunningProcess(
            ["/bin/sleep", "600"], environment: ["HOOPX_SESSION": dead.description], directory: "/")
        // In the middle of its execve a process has no environment yet.
        try await eventually("the orphan to run") {
            let environment = FileManager.default.contents(atPath: "/proc/\(orphan.pid)/environ") ?? Data()
            return environment.range(of: Data(dead.description.utf8)) != nil
        }

        try await eventually("the dead run's files to go") {
            try OrphanSweep(base: base, store: store).run()
            return !directory.contents(of: "run").contains("\(dead)")
        }

        #expect(try await orphan.exit() == .signal(SIGKILL))
    }

    @Test func theDirectoryOfAnotherUserOrALinkIsNotTaken() throws {
        let directory = try TemporaryDirectory(owner: .current)
        defer { directory.remove() }
        let elsewhere = try directory.directory("elsewhere")
        try FileManager.default.createSymbolicLink(
            atPath: directory.path + "/run", withDestinationPath: elsewhere)
        let base = RuntimeDirectory.Base(stateDirectory: directory.path)

        #expect(throws: HoopxError.self) { try RuntimeDirectory(for: .generate(day: "20261123"), in: base) }
        #expect(directory.contents(of: "elsewhere").isEmpty)
    }
}
