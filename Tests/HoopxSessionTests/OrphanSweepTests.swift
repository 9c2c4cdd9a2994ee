import Foundation
import HoopxAudit
import HoopxCore
import HoopxTestSupport
import Testing

@testable import HoopxSession

struct OrphanSweepTests {
    @Test func whatAKilledRunLeftIsRemovedAndALivingRunIsNotTouched() throws {
        let directory = try TemporaryDirectory(owner: .current)
        defer { directory.remove() }
        let base = RuntimeDirectory.Base(environment: ["XDG_RUNTIME_DIR": directory.path])
        let store = try SQLiteAuditStore(directory: directory.path + "/state")
        let living = try #require(SessionID("20261123-11111111"))
        let dead = try #require(SessionID("20261123-22222222"))
        let livingFiles = try RuntimeDirectory(for: living, in: base)
        _ = try livingFiles.write([1], to: "roots.pem")
        // Its lock goes with the object, as the kernel lets go of it when a process dies.
        _ = try RuntimeDirectory(for: dead, in: base).write([1], to: "roots.pem")
        try directory.directory("hoopx/not-a-session")

        try OrphanSweep(base: base, store: store).run()
        try OrphanSweep(base: base, store: store).run()

        let left = Set(directory.contents(of: "hoopx"))
        #expect(left == ["\(living)", "\(living)/roots.pem", "not-a-session"])
        withExtendedLifetime(livingFiles) {}
    }

    @Test func aProcessThatOutlivedItsRunIsKilled() async throws {
        let directory = try TemporaryDirectory(owner: .current)
        defer { directory.remove() }
        let base = RuntimeDirectory.Base(environment: ["XDG_RUNTIME_DIR": directory.path])
        let store = try SQLiteAuditStore(directory: directory.path + "/state")
        let dead = SessionID.generate(day: "20261123")
        _ = try RuntimeDirectory(for: dead, in: base)
        let orphan = try RunningProcess(
            ["/bin/sleep", "600"], environment: ["HOOPX_SESSION": dead.description], directory: "/")

        try OrphanSweep(base: base, store: store).run()

        #expect(try await orphan.exit() == .signal(SIGKILL))
    }

    @Test func theDirectoryOfAnotherUserOrALinkIsNotTaken() throws {
        let directory = try TemporaryDirectory(owner: .current)
        defer { directory.remove() }
        let elsewhere = try directory.directory("elsewhere")
        try FileManager.default.createSymbolicLink(
            atPath: directory.path + "/hoopx", withDestinationPath: elsewhere)
        let base = RuntimeDirectory.Base(environment: ["XDG_RUNTIME_DIR": directory.path])

        #expect(throws: HoopxError.self) { try RuntimeDirectory(for: .generate(day: "20261123"), in: base) }
        #expect(directory.contents(of: "elsewhere").isEmpty)
    }
}
