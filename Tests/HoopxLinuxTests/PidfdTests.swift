import Glibc
import HoopxLinux
import Testing

@Suite(.timeLimit(.minutes(1))) struct PidfdTests {
    private func spawn(_ script: String) throws -> Int32 {
        try ProcessSpawner(
            program: "/bin/sh", arguments: ["sh", "-c", script], environment: [],
            signals: InheritedSignals(ignoring: [], blocking: []), descriptors: [nil, nil, nil]
        ).spawn()
    }

    @Test func itTellsWhenTheProcessEnds() throws {
        let pid = try spawn("exec sleep 1000")
        let process = try Pidfd(pid)
        let hasEndedBefore = process.waitForEnd(milliseconds: 0)
        #expect(!hasEndedBefore)
        try process.send(signal: SIGKILL)
        let hasEnded = process.waitForEnd(milliseconds: 10_000)
        #expect(hasEnded)
        var status: Int32 = 0
        waitpid(pid, &status, 0)
        #expect(WaitStatus(raw: status) == .signaled(SIGKILL))
    }

    @Test func aReapedProcessCannotBeSignalled() throws {
        let pid = try spawn("exit 0")
        let process = try Pidfd(pid)
        var status: Int32 = 0
        waitpid(pid, &status, 0)
        do {
            try process.send(signal: SIGKILL)
            Issue.record("the signal went somewhere")
        } catch {
            #expect(error == Errno(ESRCH))
        }
    }

    @Test func aDuplicateIsTheSameOpenFile() throws {
        var ends: [Int32] = [0, 0]
        try Errno.checkLast(pipe(&ends))
        let (reader, writer) = (ends[0], ends[1])
        defer {
            close(reader)
            close(writer)
        }
        let own = try Pidfd(getpid())
        let copy = try own.duplicate(writer)
        #expect(write(copy.raw, "x", 1) == 1)
        var byte: UInt8 = 0
        #expect(read(reader, &byte, 1) == 1)
    }
}
