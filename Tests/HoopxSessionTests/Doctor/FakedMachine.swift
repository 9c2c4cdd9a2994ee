import HoopxConfiguration
import HoopxCore
import HoopxLinux
import HoopxSandbox

@testable import HoopxSession

extension MachineFacts {
    /// A machine on which nothing is wrong.
    static var healthy: MachineFacts {
        MachineFacts(
            survey: .healthy, surroundings: .machine, user: LocalUser(name: "ada", uid: 1000, home: "/home/ada"),
            programs: .success(
                SandboxPrograms(launch: "/l/hoopx-launch", namespace: "/l/hoopx-netns", selfTest: "/l/hoopx-selftest")),
            datagramTier: .namespace, configuration: .success(.builtIn),
            stateDirectory: .success(ExaminedDirectory(path: "/s", condition: .usable)),
            fileRules: .success(FileRules(elsewhere: .full)), keyringRefusal: nil)
    }

    /// A machine on which one thing is not as it should be.
    static func healthy(but change: (inout MachineFacts) -> Void) -> MachineFacts {
        var facts = healthy
        change(&facts)
        return facts
    }

    /// The findings that are not ok.
    var complaints: [Finding] { findings.filter { $0.state != .ok } }
}

extension KernelSurvey {
    static var healthy: KernelSurvey { KernelSurvey(support: .with(), settings: KernelSettings(ptraceScope: 1)) }
}

extension KernelSupport {
    static func with(
        notification: Bool = true, waitKillable: Bool = true, pidfdGetfd: Errno? = nil, landlock: Int32 = 7
    ) -> KernelSupport {
        KernelSupport(
            release: "6.12.0", hasUserNotification: notification, hasWaitKillable: waitKillable,
            pidfdGetfdRefusal: pidfdGetfd, landlockABI: landlock)
    }
}
