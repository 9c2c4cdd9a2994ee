import Glibc
import HoopxLinux
import Testing

@testable import HoopxSandbox

@Suite struct SocketTurnsTests {
    private func socket() throws -> OwnedDescriptor {
        OwnedDescriptor(try Errno.checkLast(Glibc.socket(AF_INET6, SocketFacts.stream, 0)))
    }

    @Test func oneCallAtATimeHasASocket() throws {
        let turns = SocketTurns(patience: .milliseconds(5))
        let one = try socket()
        let other = try socket()
        let turn = try turns.take(one)
        // By whichever number it is known.
        let duplicate = OwnedDescriptor(dup(one.raw))
        do throws(Errno) {
            _ = try turns.take(duplicate)
            Issue.record("both have it")
        } catch {
            #expect(error.code == EALREADY)
        }
        turns.giveBack(try turns.take(other))
        turns.giveBack(turn)
        turns.giveBack(try turns.take(duplicate))
    }

    @Test func aCallWaitsForOneThatEnds() throws {
        let turns = SocketTurns(patience: .seconds(60))
        let held = try socket()
        let turn = try turns.take(held)
        _ = try ServiceThread(name: "ends") {
            usleep(20_000)
            turns.giveBack(turn)
        }
        turns.giveBack(try turns.take(held))
    }
}
