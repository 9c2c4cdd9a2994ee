import Glibc
import HoopxCore
import HoopxLinux
import HoopxSandbox
import Testing

@testable import HoopxSession

/// Each judgement from facts alone.
@Suite struct FindingTests {
    @Test func onAHealthyMachineEverythingIsOkAndNamedOnce() {
        let findings = MachineFacts.healthy.findings
        #expect(MachineFacts.healthy.complaints.isEmpty)
        #expect(Set(findings.map(\.name)).count == findings.count)
        #expect(Examination(findings: findings, selfTest: []).canRun)
    }

    @Test func whatIsNotOkSaysWhatFollowsAndWhatToDo() {
        for (_, change) in Self.faults {
            for finding in MachineFacts.healthy(but: change).complaints {
                #expect(finding.consequence != nil && finding.remedy != nil, "\(finding)")
            }
        }
    }

    @Test(arguments: faults.indices)
    func eachFaultIsTheOneThatIsFound(index: Int) {
        let (expected, change) = Self.faults[index]
        let facts = MachineFacts.healthy(but: change)
        #expect(facts.complaints.map { "\($0.state) \($0.name)" } == [expected])
        #expect(Examination(findings: facts.findings, selfTest: []).canRun == expected.hasPrefix("warning"))
    }

    private static let faults: [(String, @Sendable (inout MachineFacts) -> Void)] = [
        ("missing seccomp_user_notification", { $0.survey.support = .with(notification: false) }),
        ("missing seccomp_wait_killable", { $0.survey.support = .with(waitKillable: false) }),
        ("missing seccomp_listener", { $0.survey.listenerRefusal = Errno(EBUSY) }),
        ("missing seccomp_listener", { $0.survey.listenerRefusal = Errno(EIO) }),
        ("missing seccomp_inject_descriptor", { $0.survey.injectionRefusal = Errno(EINVAL) }),
        ("missing pidfd_open", { $0.survey.pidfdOpenRefusal = Errno(EPERM) }),
        ("warning pidfd_getfd", { $0.survey.support = .with(pidfdGetfd: Errno(EPERM)) }),
        ("missing pidfd_getfd", { $0.survey.support = .with(pidfdGetfd: Errno(ENOSYS)) }),
        ("warning pidfd_thread", { $0.survey.threadPidfdRefusal = Errno(EINVAL) }),
        ("missing yama_ptrace_scope", { $0.survey.settings.ptraceScope = 2 }),
        ("missing yama_ptrace_scope", { $0.survey.settings.ptraceScope = 3 }),
        ("missing netns_cookie", { $0.survey.namespaceCookieRefusal = Errno(ENOPROTOOPT) }),
        ("warning socket_diag", { $0.survey.socketDiagRefusal = Errno(ENOENT) }),
        (
            "missing landlock",
            {
                $0.survey.support = .with(landlock: 0)
                $0.survey.landlockRefusal = Errno(EOPNOTSUPP)
            }
        ),
        ("missing landlock", { $0.survey.support = .with(landlock: 1) }),
        ("warning landlock_scopes", { $0.survey.support = .with(landlock: 5) }),
        ("warning datagram_tier", { $0.datagramTier = .denied(reason: "no") }),
        ("warning surroundings", { $0.surroundings = .wsl2(isMirrored: true) }),
        ("missing surroundings", { $0.surroundings = .gVisor }),
        ("warning token_cache", { $0.keyringRefusal = Errno(EPERM) }),
        ("warning user", { $0.user = LocalUser(name: "root", uid: 0, home: "/root") }),
        ("missing programs", { $0.programs = .failure(failure) }),
        ("missing configuration", { $0.configuration = .failure(failure) }),
        ("missing state_directory", { $0.stateDirectory = .failure(failure) }),
        ("missing file_rules", { $0.fileRules = .failure(failure) }),
        ("warning file_rules", { $0.fileRules = .success(nil) }),
    ]

    private static let failure = HoopxError(.startup, doing: "trying", found: "nothing", hint: "try again")

    @Test func whatARunRefusesToRunWithoutIsMissing() {
        let kernels: [KernelSupport] = [
            .with(), .with(notification: false), .with(waitKillable: false), .with(pidfdGetfd: Errno(EPERM)),
            .with(landlock: 0), .with(landlock: 1), .with(landlock: 2),
        ]
        for kernel in kernels {
            let runs = (try? kernel.requireSandbox()) != nil
            let facts = MachineFacts.healthy { $0.survey.support = kernel }
            #expect(runs == !facts.complaints.contains { $0.state == .missing }, "\(kernel)")
        }
    }

    @Test func everyStepOfLandlockThatTheKernelLacksIsAWarning() {
        let steps = ["landlock_truncate", "landlock_network", "landlock_ioctl", "landlock_scopes"]
        for (abi, missing) in [(2, 4), (3, 3), (4, 2), (5, 1), (6, 0)] as [(Int32, Int)] {
            let facts = MachineFacts.healthy { $0.survey.support = .with(landlock: abi) }
            #expect(facts.complaints.map(\.name) == steps.suffix(missing))
            #expect(facts.complaints.allSatisfy { $0.state == .warning })
        }
    }

    @Test func landlockThatIsOffIsToldApartFromOneThatIsNotThere() {
        let remedy = { (refusal: Int32) in
            MachineFacts.healthy {
                $0.survey.support = .with(landlock: 0)
                $0.survey.landlockRefusal = Errno(refusal)
            }.complaints.first?.remedy ?? ""
        }
        #expect(remedy(EOPNOTSUPP).contains("lsm="))
        #expect(!remedy(ENOSYS).contains("lsm="))
    }

    @Test func yamaLetsHoopxWorkWhereItMayTrace() {
        let complaints = { (settings: KernelSettings) in
            MachineFacts.healthy { $0.survey.settings = settings }.complaints.map(\.name)
        }
        for scope in [nil, 0, 1] { #expect(complaints(KernelSettings(ptraceScope: scope)) == []) }
        #expect(complaints(KernelSettings(ptraceScope: 2, mayTrace: true)) == [])
        #expect(complaints(KernelSettings(ptraceScope: 3, mayTrace: true)) == ["yama_ptrace_scope"])
    }

    @Test func theRemedyForNamespacesIsTheSettingThatForbidsThem() {
        let remedy = { (settings: KernelSettings, surroundings: Surroundings) in
            NamespaceFindings.judge(.denied(reason: "no"), settings, surroundings).first?.remedy ?? ""
        }
        #expect(
            remedy(KernelSettings(unprivilegedUserNamespaces: 0), .machine).contains("unprivileged_userns_clone=1"))
        #expect(remedy(KernelSettings(maximumUserNamespaces: 0), .machine).contains("max_user_namespaces="))
        let ubuntu = remedy(KernelSettings(maximumUserNamespaces: 9, appArmorRestriction: 1), .machine)
        #expect(ubuntu.contains("AppArmor profile") && ubuntu.contains("apparmor_restrict_unprivileged_userns=0"))
        #expect(remedy(KernelSettings(), .container("Docker")).contains("docker run --security-opt"))
    }

    @Test func aContainersRefusalOfDescriptorsNamesTheCapability() {
        let facts = MachineFacts.healthy { $0.survey.support = .with(pidfdGetfd: Errno(EPERM)) }
        #expect(facts.complaints.first?.remedy?.contains("SYS_PTRACE") == true)
    }
}
