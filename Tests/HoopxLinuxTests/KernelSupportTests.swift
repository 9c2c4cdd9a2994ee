import Glibc
import HoopxCore
import HoopxLinux
import Testing

@Suite struct KernelSupportTests {
    @Test func theKernelThatRunsTheTestsHasWhatTheSandboxNeeds() throws {
        try KernelSupport.probe().requireSandbox()
    }

    @Test func aMissingFeatureIsNamedWithTheVersionThatBroughtIt() {
        let kernels: [(KernelSupport, feature: String)] = [
            (.init(notification: false), "seccomp user notification (it came with 5.0)"),
            (.init(waitKillable: false), "SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV (it came with 5.19)"),
            (.init(pidfdGetfd: Errno(ENOSYS)), "pidfd_getfd (it came with 5.6)"),
            (.init(landlock: 0), "Landlock (it came with 5.19)"),
        ]
        for (kernel, feature) in kernels {
            let error = #expect(throws: HoopxError.self) { try kernel.requireSandbox() }
            #expect(error?.found == "Linux 5.4.0 has no \(feature)")
            #expect(error?.kind == .startup)
            #expect(error?.hint != nil)
        }
    }

    @Test func aContainersFilterThatRefusesDescriptorsIsNoHindrance() throws {
        try KernelSupport(pidfdGetfd: Errno(EPERM)).requireSandbox()
    }
}

extension KernelSupport {
    fileprivate init(
        notification: Bool = true, waitKillable: Bool = true, pidfdGetfd: Errno? = nil, landlock: Int32 = 7
    ) {
        self.init(
            release: "5.4.0", hasUserNotification: notification, hasWaitKillable: waitKillable,
            pidfdGetfdRefusal: pidfdGetfd, landlockABI: landlock)
    }
}
