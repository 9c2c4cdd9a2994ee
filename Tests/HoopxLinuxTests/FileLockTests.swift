import Glibc
import HoopxCore
import HoopxLinux
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(1))) struct FileLockTests {
    @Test func tasksHoldALockOneAfterTheOther() async throws {
        let scratch = try Scratch()
        let holders = Holders()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<16 {
                group.addTask {
                    let lock = try await FileLock.take(scratch.path + "/lock", within: .seconds(50))
                    holders.come()
                    await Task.yield()
                    holders.go()
                    _ = consume lock
                }
            }
            try await group.waitForAll()
        }
        #expect(holders.most == 1)
        #expect(scratch.mode(of: "lock") == 0o600)
    }

    @Test func anotherProcessIsWaitedForAndTheWaitEnds() async throws {
        let scratch = try Scratch()
        let path = scratch.path + "/lock"
        // A process that holds the lock until it is cancelled, which kills it.
        let script = "exec 9>\(path); flock 9 && echo > \(scratch.path)/ready; sleep 1000"
        let holder = HelperProcess(
            program: "/bin/sh", arguments: ["sh", "-c", script], environment: ["PATH": "/usr/bin:/bin"],
            timeout: .seconds(50))
        let task = Task { try? await holder.run() }
        while scratch.text(of: "ready") == nil { try await Task.sleep(for: .milliseconds(2)) }
        let error = await #expect(throws: HoopxError.self) {
            _ = try await FileLock.take(path, within: .milliseconds(100))
        }
        #expect(error?.found == "another hoopx has held it for 0.1 seconds")
        #expect(error?.hint?.contains(path) == true)
        task.cancel()
        _ = try await FileLock.take(path, within: .seconds(50))
    }

    @Test func aCancelledWaitEnds() async throws {
        let scratch = try Scratch()
        let path = scratch.path + "/lock"
        let lock = try await FileLock.take(path, within: .seconds(1))
        let waiter = Task { _ = try await FileLock.take(path, within: .seconds(1000)) }
        waiter.cancel()
        await #expect(throws: HoopxError.self) { try await waiter.value }
        _ = consume lock
    }

    @Test func aSymbolicLinkInTheLocksPlaceIsRefused() async throws {
        let scratch = try Scratch()
        try Errno.checkLast(symlink("/dev/null", scratch.path + "/lock"))
        await #expect(throws: HoopxError.self) {
            _ = try await FileLock.take(scratch.path + "/lock", within: .seconds(1))
        }
    }
}

/// Counts who is inside at a time.
private final class Holders: Sendable {
    private let counts = Mutex((now: 0, most: 0))

    var most: Int { counts.withLock { $0.most } }

    func come() { counts.withLock { $0 = ($0.now + 1, max($0.most, $0.now + 1)) } }

    func go() { counts.withLock { $0.now -= 1 } }
}
