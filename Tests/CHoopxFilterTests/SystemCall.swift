/// The numbers of the system calls that the tests ask about, written down a second time: the kernel's headers gave the
/// filter its own.
enum SystemCall: CaseIterable {
    case connect, listen, socket, socketpair, sendto, sendmsg, sendmmsg, setsockopt, ioctl, prctl, prlimit64
    case kill, tkill, tgkill, rtSigqueueinfo, rtTgsigqueueinfo
    case ioUringSetup, ioUringEnter, ioUringRegister, keyctl, addKey, requestKey, bpf, perfEventOpen, userfaultfd
    case openByHandleAt, fsopen
    case setpriority, ioprioSet, schedSetaffinity, schedSetscheduler, schedSetparam, schedSetattr
    case moveMount, pivotRoot
    case ptrace, processVMReadv, processVMWritev, pidfdGetfd, kcmp, pidfdSendSignal, fcntl
    case read, getppid, clone, clone3, execve, execveat, unshare, setns, mount, seccomp, landlockRestrictSelf, bind,
        accept

    var number: Int32 {
        #if arch(x86_64)
            return both.0
        #else
            return both.1
        #endif
    }

    /// On x86-64 and on arm64.
    private var both: (Int32, Int32) {
        switch self {
        case .connect: (42, 203)
        case .listen: (50, 201)
        case .socket: (41, 198)
        case .socketpair: (53, 199)
        case .sendto: (44, 206)
        case .sendmsg: (46, 211)
        case .sendmmsg: (307, 269)
        case .setsockopt: (54, 208)
        case .ioctl: (16, 29)
        case .prctl: (157, 167)
        case .prlimit64: (302, 261)
        case .kill: (62, 129)
        case .tkill: (200, 130)
        case .tgkill: (234, 131)
        case .rtSigqueueinfo: (129, 138)
        case .rtTgsigqueueinfo: (297, 240)
        case .ioUringSetup: (425, 425)
        case .ioUringEnter: (426, 426)
        case .ioUringRegister: (427, 427)
        case .keyctl: (250, 219)
        case .addKey: (248, 217)
        case .requestKey: (249, 218)
        case .bpf: (321, 280)
        case .perfEventOpen: (298, 241)
        case .userfaultfd: (323, 282)
        case .openByHandleAt: (304, 265)
        case .fsopen: (430, 430)
        case .setpriority: (141, 140)
        case .ioprioSet: (251, 30)
        case .schedSetaffinity: (203, 122)
        case .schedSetscheduler: (144, 119)
        case .schedSetparam: (142, 118)
        case .schedSetattr: (314, 274)
        case .moveMount: (429, 429)
        case .pivotRoot: (155, 41)
        case .ptrace: (101, 117)
        case .processVMReadv: (310, 270)
        case .processVMWritev: (311, 271)
        case .pidfdGetfd: (438, 438)
        case .kcmp: (312, 272)
        case .pidfdSendSignal: (424, 424)
        case .fcntl: (72, 25)
        case .read: (0, 63)
        case .getppid: (110, 173)
        case .clone: (56, 220)
        case .clone3: (435, 435)
        case .execve: (59, 221)
        case .execveat: (322, 281)
        case .unshare: (272, 97)
        case .setns: (308, 268)
        case .mount: (165, 40)
        case .seccomp: (317, 277)
        case .landlockRestrictSelf: (446, 446)
        case .bind: (49, 200)
        case .accept: (43, 202)
        }
    }

    /// AUDIT_ARCH_X86_64, AUDIT_ARCH_AARCH64.
    static var architecture: UInt32 {
        #if arch(x86_64)
            0xc000_003e
        #else
            0xc000_00b7
        #endif
    }
}
