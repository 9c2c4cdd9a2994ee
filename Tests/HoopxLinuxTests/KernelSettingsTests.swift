import HoopxLinux
import Testing

@Suite struct KernelSettingsTests {
    @Test(
        arguments: [
            (nil, false, false), (0, false, false), (1, false, false), (2, false, true), (2, true, false),
            (3, true, true),
        ] as [(Int?, Bool, Bool)])
    func yamaForbidsTracingFromTwoOnButForCapSysPtraceAtTwo(scope: Int?, mayTrace: Bool, isForbidden: Bool) {
        #expect(KernelSettings(ptraceScope: scope, mayTrace: mayTrace).forbidsTracing == isForbidden)
    }

    @Test func theMachineThatRunsTheTestsLetsHoopxLookIntoTheCommand() throws { try KernelSettings.requireTracing() }
}
