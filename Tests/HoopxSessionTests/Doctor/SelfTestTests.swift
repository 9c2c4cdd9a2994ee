import Foundation
import HoopxCore
import HoopxLinux
import HoopxTestSupport
import Testing

@testable import HoopxSession

@Suite struct SelfTestTests {
    private static let reached = SelfTestObservation(error: nil, isReached: true)
    private static let refused = SelfTestObservation(error: Errno(EPERM), isReached: false)
    private static let lost = SelfTestObservation(error: nil, isReached: false)

    @Test(
        arguments: [
            (.tcpConnect, refused, reached, .stopped),
            (.datagram, lost, reached, .stopped),
            (.tcpConnect, reached, reached, .escaped),
            (.tcpConnect, reached, nil, .escaped),
            (.ioUring, reached, refused, .escaped),
            (.ioUring, refused, refused, .refusedToAll),
            (.tcpConnect, refused, refused, .unjudged),
            (.terminalInput, refused, lost, .unjudged),
            (.tcpConnect, nil, reached, .unjudged),
            (.tcpConnect, refused, nil, .unjudged),
            (.ioUring, nil, nil, .unjudged),
            (.allowedConnect, reached, reached, .passed),
            (.allowedConnect, refused, reached, .broken),
            (.allowedConnect, reached, refused, .unjudged),
            (.allowedConnect, nil, reached, .unjudged),
        ] as [(SelfTestAttempt, SelfTestObservation?, SelfTestObservation?, SelfTestResult.Verdict)])
    func onlyAControlThatGetsThroughProvesThatTheSandboxStops(
        attempt: SelfTestAttempt, supervised: SelfTestObservation?, control: SelfTestObservation?,
        verdict: SelfTestResult.Verdict
    ) {
        let result = SelfTestResult(attempt: attempt, supervised: supervised, control: control)
        #expect(result.verdict == verdict)
        let finding = SelfTestFindings.judge(.success([result])).first
        #expect((finding?.state == .ok) == [.stopped, .refusedToAll, .passed].contains(verdict))
    }

    @Test func aWitnessIsBelievedMoreThanTheProgram() {
        let observations = SelfTest.observations(
            "tcp_connect 111\nudp_datagram 0\nio_uring 0\nnonsense\nptrace 1\n", reached: [.tcpConnect, .unixSocket])
        #expect(observations[.tcpConnect] == SelfTestObservation(error: Errno(ECONNREFUSED), isReached: true))
        #expect(observations[.datagram] == Self.lost)
        #expect(observations[.ioUring] == Self.reached)
        #expect(observations[.trace] == Self.refused)
        #expect(observations[.unixSocket] == Self.reached)
        #expect(observations[.rawSocket] == nil)
    }

    @Test func theWitnessesTellWhoCameAndLeaveNothing() throws {
        var witnesses: SelfTestWitnesses? = try SelfTestWitnesses()
        let arguments = try #require(witnesses?.arguments)
        #expect(witnesses?.reached(expecting: [], within: 0) == [])
        let socket = socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
        defer { close(socket) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        address.sin_port = try #require(UInt16(arguments[3])).bigEndian
        let length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let sent = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { sendto(socket, "x", 1, 0, $0, length) }
        }
        #expect(sent == 1)
        #expect(witnesses?.reached(expecting: [], within: 0) == [.datagram])
        #expect(access(arguments[4], F_OK) == 0)
        witnesses = nil
        #expect(access(arguments[4], F_OK) != 0)
    }

    @Test func theRealProgramMakesEveryAttempt() throws {
        let results = try SelfTest(programs: Self.programs(), fileRules: nil).run()
        #expect(results.map(\.attempt) == SelfTestAttempt.allCases)
        for result in results {
            #expect(result.supervised != nil && result.control != nil && result.holds, "\(result)")
        }
    }

    @Test func aProgramThatGetsThroughIsAnEscape() throws {
        try Self.withProgram("echo io_uring 0") { programs in
            let results = try SelfTest(programs: programs, fileRules: nil).run()
            #expect(results.filter { $0.verdict == .escaped }.map(\.attempt) == [.ioUring])
            #expect(results.allSatisfy { $0.attempt == .ioUring || $0.verdict == .unjudged })
        }
    }

    @Test func aProgramThatHangsProvesNothing() throws {
        // It waits for something to read that never comes.
        try Self.withProgram("echo io_uring 1; exec cat <&0") { programs in
            let results = try SelfTest(programs: programs, fileRules: nil, patience: 300).run()
            #expect(results.allSatisfy { $0.verdict == .unjudged })
        }
    }

    @Test func withoutTheProgramTheSelfTestIsMissing() {
        let programs = SandboxPrograms(launch: "/no", namespace: "/no", selfTest: "/no/hoopx-selftest")
        let result = Result { () throws(HoopxError) in try SelfTest(programs: programs, fileRules: nil).run() }
        let findings = SelfTestFindings.judge(result)
        #expect(findings.map(\.state) == [.missing])
        #expect(findings.first?.found.contains("/no/hoopx-selftest") == true)
    }

    private static func programs(selfTest: String? = nil) -> SandboxPrograms {
        let products = HoopxFixture.productDirectory
        return SandboxPrograms(
            launch: products + "/hoopx-launch", namespace: products + "/hoopx-netns",
            selfTest: selfTest ?? products + "/hoopx-selftest")
    }

    /// Lends programs whose hoopx-selftest is a shell script.
    private static func withProgram(_ script: String, _ body: (SandboxPrograms) throws -> Void) throws {
        let directory = try TemporaryDirectory(owner: .current)
        defer { directory.remove() }
        try body(programs(selfTest: directory.file("hoopx-selftest", "#!/bin/sh\n\(script)\n", mode: 0o755)))
    }
}
