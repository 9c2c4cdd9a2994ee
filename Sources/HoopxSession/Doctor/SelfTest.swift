import Glibc
import HoopxCore
import HoopxLinux
import HoopxSandbox

/// Tries to get out of the sandbox, for real: hoopx-selftest runs under supervision, as a command would, against
/// witnesses of hoopx's own, and once more without supervision, so that it shows that the attempts mean something.
///
/// hoopx lets itself be traced and read meanwhile, unlike in a run: what stops those attempts is the sandbox alone. One
/// destination is allowed, and no proxy takes part.
struct SelfTest {
    let programs: SandboxPrograms
    /// Those that a run would have.
    let fileRules: FileRules?
    /// How long one run of hoopx-selftest may take, in milliseconds; it takes some 20.
    var patience = 15_000

    /// How long to wait for what should come, and for what should not.
    private static let (controlWait, supervisedWait) = (2_000, 100)

    /// - Throws: where the self-test itself cannot be made, which proves nothing of the sandbox.
    func run() throws(HoopxError) -> [SelfTestResult] {
        guard access(programs.selfTest, X_OK) == 0 else {
            throw HoopxError(
                .startup, doing: "looking for \(programs.selfTest)", found: "\(Errno.last)",
                hint: "install hoopx with make install")
        }
        let result = ProcessTraceability.allowed {
            Result { () throws(HoopxError) in (control: try control(), supervised: try supervised()) }
        }
        let observed = try result.get()
        return SelfTestAttempt.allCases.map {
            SelfTestResult(attempt: $0, supervised: observed.supervised[$0], control: observed.control[$0])
        }
    }

    private typealias Observations = [SelfTestAttempt: SelfTestObservation]

    private func control() throws(HoopxError) -> Observations {
        let witnesses = try SelfTestWitnesses()
        do throws(Errno) {
            let output = try SelfTestOutput()
            let pid = try ProcessSpawner(
                program: programs.selfTest, arguments: [programs.selfTest] + witnesses.arguments, environment: [],
                directory: "/", signals: .current(), descriptors: [witnesses.standardInput, output.writingEnd, nil]
            ).spawn()
            let text = output.readAll(within: patience) ?? ""
            kill(pid, SIGKILL)
            var status: Int32 = 0
            while waitpid(pid, &status, 0) < 0, errno == EINTR {}
            let claimed = Self.observations(text, reached: []).filter { $0.key.hasWitness && $0.value.error == nil }
            return Self.observations(
                text, reached: witnesses.reached(expecting: Set(claimed.keys), within: Self.controlWait))
        } catch {
            throw HoopxError(.startup, doing: "running \(programs.selfTest) without supervision", found: "\(error)")
        }
    }

    private func supervised() throws(HoopxError) -> Observations {
        let witnesses = try SelfTestWitnesses()
        let output: SelfTestOutput
        do throws(Errno) {
            output = try SelfTestOutput()
        } catch {
            throw HoopxError(.startup, doing: "making a pipe", found: "\(error)")
        }
        let nowhere = OwnedDescriptor(open("/dev/null", O_RDWR | O_CLOEXEC))
        let plan = LaunchPlan(
            launchProgram: programs.launch, namespaceProgram: programs.namespace,
            command: [programs.selfTest] + witnesses.arguments, environment: [:], workingDirectory: "/",
            signals: .current(), explicitProxyPort: 9, fileRules: fileRules,
            standardStreams: [witnesses.standardInput ?? nowhere.raw, output.writingEnd, nowhere.raw])
        let target = try Sandbox.launch(plan, handler: SelfTestEgress(allowing: witnesses.allowedPort))
        let text = output.readAll(within: patience)
        if text == nil { target.terminate() }
        _ = target.waitForEnd()
        target.stopSupervising()
        var observations = Self.observations(
            text ?? "",
            reached: witnesses.reached(expecting: Set(SelfTestAttempt.allCases), within: Self.supervisedWait))
        if let allowed = observations[.allowedConnect] {
            // It went through hoopx where the call succeeded and nobody came to the port itself.
            observations[.allowedConnect] = SelfTestObservation(
                error: allowed.error, isReached: allowed.error == nil && !allowed.isReached)
        }
        return observations
    }

    /// - Parameter text: a line for each attempt, its name and an errno.
    static func observations(_ text: String, reached: Set<SelfTestAttempt>) -> [SelfTestAttempt: SelfTestObservation] {
        var observations: Observations = [:]
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ")
            guard words.count == 2, let attempt = SelfTestAttempt(rawValue: String(words[0])),
                let code = Int32(words[1])
            else { continue }
            observations[attempt] = SelfTestObservation(
                error: code == 0 ? nil : Errno(code),
                isReached: attempt.hasWitness ? reached.contains(attempt) : code == 0)
        }
        // What came although nobody said that it was sent has come.
        for attempt in reached where observations[attempt] == nil {
            observations[attempt] = SelfTestObservation(error: nil, isReached: true)
        }
        return observations
    }
}

/// Allows one port of the loopback interface, and hangs up on who connects to it.
private struct SelfTestEgress: EgressHandler {
    private let allowed: Destination

    init(allowing port: UInt16) { allowed = Destination(host: .address(.loopback), port: port) }

    func answer(to destination: Destination, from process: TargetProcess, isNobodyThere: Bool) -> ConnectAnswer {
        destination == allowed ? .proxy : .refuse(errno: ECONNREFUSED)
    }

    func mayReach(_ name: DomainName) -> Bool { false }

    func serve(_ socket: consuming OwnedDescriptor, to destination: Destination, from process: TargetProcess) {}

    func refusedName(_ name: DomainName) {}

    func connectsDirectly(to destination: Destination, from process: TargetProcess) {}

    func connectsDirectly(toUnixSocket path: String, from process: TargetProcess) {}

    func refusedMount(from process: TargetProcess) {}

    func refusedNamespace(ofUser isOfUser: Bool, from process: TargetProcess) {}

    func refusedUnixSocket(_ path: String, from process: TargetProcess) {}
}
