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

    @Test func theProbeOfAListenerLeavesTheProcessAsItWas() throws {
        _ = KernelSurvey.probe()
        let status = try #require(TextFile.read("/proc/thread-self/status"))
        #expect(status.contains("NoNewPrivs:\t0\n"))
        #expect(status.contains("Seccomp:\t0\n"))
    }
}
