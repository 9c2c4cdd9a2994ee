import Glibc
@testable import HoopxLinux
import Testing

@Suite(.timeLimit(.minutes(1))) struct SubreaperTests {
    private func sleeper() throws -> Int32 {
        try ProcessSpawner(
            program: "/bin/sleep", arguments: ["sleep", "1000"], environment: [],
            signals: InheritedSignals(ignoring: [], blocking: []), descriptors: [nil, nil, nil]
        ).spawn()
    }

    @Test func childrenAreFoundKilledAndReaped() throws {
        // Other tests have children too, so that these are told by their numbers.
        let own = try Set([sleeper(), sleeper()])
        #expect(own.isSubset(of: Subreaper.children()))
        let isDone = Subreaper.end(
            { Subreaper.children().intersection(own) }, deadline: .now.advanced(by: .seconds(10)))
        #expect(isDone)
        for pid in own { #expect(kill(pid, 0) == -1 && errno == ESRCH) }
    }
}
