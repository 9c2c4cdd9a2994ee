import Glibc
import HoopxLinux
import Synchronization
import Testing

@Suite struct ServiceThreadTests {
    @Test func itRunsUnderItsNameAndTakesNoSignals() throws {
        let found = Mutex<(name: String, blocks: Bool)>(("", false))
        try ServiceThread(name: "hoopx-a-long-name-indeed") {
            let file = open("/proc/thread-self/comm", O_RDONLY)
            var name = [UInt8](repeating: 0, count: 32)
            let count = read(file, &name, name.count)
            close(file)
            var mask = sigset_t()
            pthread_sigmask(SIG_BLOCK, nil, &mask)
            let blocks = sigismember(&mask, SIGTERM) == 1 && sigismember(&mask, SIGINT) == 1
            found.withLock { $0 = (String(decoding: name.prefix(max(count - 1, 0)), as: UTF8.self), blocks) }
        }.join()
        #expect(found.withLock { $0.name } == "hoopx-a-long-na")
        #expect(found.withLock { $0.blocks })
    }

    @Test func itsCreatorKeepsItsOwnMask() throws {
        try ServiceThread(name: "outer") {
            var empty = sigset_t()
            var mask = sigset_t()
            sigemptyset(&empty)
            pthread_sigmask(SIG_SETMASK, &empty, nil)
            do { try ServiceThread(name: "inner") {}.join() } catch { Issue.record(error) }
            pthread_sigmask(SIG_BLOCK, nil, &mask)
            #expect(sigismember(&mask, SIGWINCH) == 0)
        }.join()
    }
}
