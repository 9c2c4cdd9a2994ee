import Glibc
import HoopxAudit
import HoopxTestSupport
import Testing

@Suite struct SupervisorProcessTests {
    @Test func theCallerLives() throws {
        let process = try SupervisorProcess.current()
        #expect(process.pid == getpid())
        #expect(process.isAlive == true)
    }

    @Test func aProcessThatReusesTheNumberIsAnother() throws {
        let own = try SupervisorProcess.current()
        let earlier = SupervisorProcess(
            pid: own.pid, startTicks: own.startTicks - 1, bootID: own.bootID, pidNamespace: own.pidNamespace)
        #expect(earlier.isAlive == false)
    }

    @Test func nothingLivesFromBeforeTheMachineStarted() throws {
        let own = try SupervisorProcess.current()
        let earlier = SupervisorProcess(
            pid: own.pid, startTicks: own.startTicks, bootID: "00000000-0000-0000-0000-000000000000",
            pidNamespace: "pid:[1]")
        #expect(earlier.isAlive == false)
    }

    @Test func nobodyKnowsAboutAnotherNamespace() throws {
        let own = try SupervisorProcess.current()
        let other = SupervisorProcess(
            pid: own.pid, startTicks: own.startTicks, bootID: own.bootID, pidNamespace: "pid:[1]")
        #expect(other.isAlive == nil)
    }

    @Test func aProcessThatHasExitedIsDeadBeforeItsParentNotices() async throws {
        var pid: pid_t = 0
        let arguments: [UnsafeMutablePointer<CChar>?] = [strdup("cat"), nil]
        defer { for case let argument? in arguments { free(argument) } }
        var pipes: [Int32] = [0, 0]
        #expect(pipe(&pipes) == 0)
        for end in pipes { #expect(fcntl(end, F_SETFD, FD_CLOEXEC) == 0) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        posix_spawn_file_actions_adddup2(&actions, pipes[0], 0)
        defer { posix_spawn_file_actions_destroy(&actions) }
        #expect(posix_spawn(&pid, "/bin/cat", &actions, nil, arguments, nil) == 0)
        close(pipes[0])
        let own = try SupervisorProcess.current()
        let process = SupervisorProcess(
            pid: pid, startTicks: try startTicks(of: pid), bootID: own.bootID, pidNamespace: own.pidNamespace)
        #expect(process.isAlive == true)
        close(pipes[1])
        try await eventually("the end of cat") { process.isAlive == false }
        var status: Int32 = 0
        #expect(waitpid(pid, &status, 0) == pid)
        #expect(process.isAlive == false)
    }

    private func startTicks(of pid: pid_t) throws -> Int64 {
        let file = try #require(fopen("/proc/\(pid)/stat", "r"))
        defer { fclose(file) }
        var line = [CChar](repeating: 0, count: 1_024)
        #expect(fgets(&line, Int32(line.count), file) != nil)
        let text = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return try #require(Int64(text.split(separator: " ")[21]))
    }
}
