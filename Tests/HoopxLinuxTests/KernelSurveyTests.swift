import Glibc
import HoopxLinux
import Testing

@Suite struct KernelSurveyTests {
    @Test func theKernelThatRunsTheTestsRefusesNothingThatTheSandboxNeeds() {
        let survey = KernelSurvey.probe()
        #expect(survey.landlockRefusal == nil)
        #expect(survey.listenerRefusal == nil)
        #expect(survey.injectionRefusal == nil)
        #expect(survey.pidfdOpenRefusal == nil)
        #expect(survey.namespaceCookieRefusal == nil)
        #expect(survey.socketDiagRefusal == nil)
    }

    @Test func theProbeOfAListenerLeavesTheProcessAsItWas() {
        let before = Self.restrictions()
        #expect(before.count == 2)
        _ = KernelSurvey.probe()
        #expect(Self.restrictions() == before)
    }

    private static func restrictions() -> [Substring] {
        let lines = (TextFile.read("/proc/thread-self/status") ?? "").split(separator: "\n")
        return lines.filter { $0.hasPrefix("NoNewPrivs:") || $0.hasPrefix("Seccomp:") }
    }
}
