import CHoopxLinux
import Glibc
import HoopxCore
import HoopxLinux
import Testing

@testable import HoopxSandbox

/// Calls whose thread was killed while hoopx looked: its id may be another's by then, and with it the descriptors, the
/// memory and the directories that hoopx found. Here it is always another's, this process's own.
@Suite final class PendingCallTests {
    private let egress = FakeEgress.everything()
    // No listener knows of the call.
    private let listener: OwnedDescriptor

    init() throws { listener = OwnedDescriptor(try Errno.check(hoopx_event())) }

    private func call(_ number: hoopx_trapped_call, _ first: Int32 = 0, _ second: UInt = 0, _ third: UInt32 = 0)
        -> PendingCall
    {
        PendingCall(
            hoopx_notification(
                id: 1, thread: getpid(), call: Int32(number.rawValue),
                arguments: (UInt64(UInt32(bitPattern: first)), UInt64(second), UInt64(third), 0, 0, 0)),
            listener: listener.raw)
    }

    private func supervisor() throws -> Supervisor {
        let names = NameTable()
        let service = NameService(table: names, searchDomains: [], mayReach: { _ in true }, onRefusal: { _ in })
        return Supervisor(
            handler: egress, names: names, responder: try DNSResponder(service: service, datagramSockets: []),
            listeners: OwnListeners(), turns: SocketTurns(), localRules: .none, helper: nil,
            namespace: try Supervisor.ownNamespace(), madeSockets: nil, executions: nil)
    }

    private func socket() throws -> OwnedDescriptor {
        OwnedDescriptor(try Errno.checkLast(Glibc.socket(AF_INET, SocketFacts.stream, 0)))
    }

    @Test func aConnectThatNobodyWaitsForIsNeitherDecidedNorMade() throws {
        let socket = try socket()
        let raw = socket.raw
        let there = SocketAddress.Endpoint(address: try #require(IPAddress("192.0.2.7")), port: 443)
        let supervisor = try supervisor()
        SocketAddress(there, domain: AF_INET).withPointer { address, length in
            let call = call(HOOPX_CALL_CONNECT, raw, UInt(bitPattern: address), length)
            supervisor.answer(call, at: Workplace())
        }
        #expect(egress.seen == FakeEgress.Seen())
        #expect(throws: Errno(ENOTCONN)) {
            try SocketAddress.filled { getpeername(raw, $0, $1) }
        }
        withExtendedLifetime(socket) {}
    }

    @Test func aListenThatNobodyWaitsForIsNotMade() throws {
        let socket = try socket()
        try supervisor().answer(call(HOOPX_CALL_LISTEN, socket.raw, 1), at: Workplace())
        #expect(try SocketFacts.option(SO_ACCEPTCONN, of: socket.raw) == 0)
    }

    @Test func noFileIsLookedUpAndNoProcessNamedForACallThatNobodyWaitsFor() {
        let call = call(HOOPX_CALL_CONNECT)
        #expect(throws: Errno(ESRCH)) {
            _ = try UnixSocketFile(Array("/nonexistent".utf8), of: TargetThread(getpid()), during: call).address
        }
        #expect(throws: Errno(ESRCH)) { try TargetThread(getpid()).process(during: call) }
    }

    @Test(arguments: ["/run/nscd/socket", "/var/run/nscd/socket", "/run/systemd/userdb/io.systemd.DynamicUser"])
    func whatLibcAsksForByItselfIsRefusedWithoutAWord(path: String) throws {
        let process = TargetProcess(pid: 1, command: "id")
        let refusal = try supervisor().refusal(.foreign, of: Array(path.utf8), process)
        #expect(refusal == Errno(ECONNREFUSED))
        #expect(egress.seen == FakeEgress.Seen())
    }

    @Test(arguments: ["/run/docker.sock", "run/nscd/socket", "/run/nscd/../docker.sock", "/run/systemd/userdb/.."])
    func everyOtherSocketOfOthersIsADenial(path: String) throws {
        let process = TargetProcess(pid: 1, command: "id")
        let refusal = try supervisor().refusal(.foreign, of: Array(path.utf8), process)
        #expect(refusal == Errno(EACCES))
        #expect(egress.seen.unixSockets == [path])
    }
}
