import CHoopxFilter
import Glibc
import Testing

@Suite struct FilterTests {
    /// One line of the table: a call with its arguments, and what it is answered with.
    struct Row: CustomTestStringConvertible, Sendable {
        let call: SystemCall
        let arguments: [Int32]
        let answer: Answer

        init(_ call: SystemCall, _ arguments: [Int32] = [], _ answer: Answer) {
            self.call = call
            self.arguments = arguments
            self.answer = answer
        }

        var testDescription: String { "\(call)\(arguments) gives \(answer)" }
    }

    private static let stream = Int32(SOCK_STREAM.rawValue)
    private static let datagram = Int32(SOCK_DGRAM.rawValue)
    private static let raw = Int32(SOCK_RAW.rawValue)
    private static let seqpacket = Int32(SOCK_SEQPACKET.rawValue)
    private static let flags = Int32(SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)

    private static let connections: [Row] = [
        Row(.connect, [3, 0, 16], .notify), Row(.listen, [3, 128], .notify),
        Row(.bind, [3], .allow), Row(.accept, [3], .allow),
    ]

    private static let internetSockets: [Row] = [AF_INET, AF_INET6].flatMap { family in
        [
            Row(.socket, [family, stream, 0], .allow), Row(.socket, [family, stream | flags, 6], .allow),
            Row(.socket, [family, stream, 262], .errno(EPROTONOSUPPORT)),  // MPTCP
            Row(.socket, [family, stream, 132], .errno(EPROTONOSUPPORT)),  // SCTP
            Row(.socket, [family, datagram, 0], .notify), Row(.socket, [family, datagram | flags, 17], .notify),
            Row(.socket, [family, datagram, 1], .errno(EPROTONOSUPPORT)),  // ping
            Row(.socket, [family, datagram, 58], .errno(EPROTONOSUPPORT)),  // ping, IPv6
            Row(.socket, [family, datagram, 136], .errno(EPROTONOSUPPORT)),  // UDPLITE
            Row(.socket, [family, raw, 255], .errno(EPERM)), Row(.socket, [family, 10, 0], .errno(EPERM)),  // PACKET
            Row(.socket, [family, seqpacket, 132], .errno(EPERM)), Row(.socket, [family, 6, 0], .errno(EPERM)),  // DCCP
        ]
    }

    private static let otherSockets: [Row] =
        [
            Row(.socket, [AF_UNIX, stream, 0], .allow), Row(.socket, [AF_UNIX, stream | flags, 0], .allow),
            Row(.socket, [AF_UNIX, seqpacket, 0], .allow), Row(.socket, [AF_UNIX, datagram, 0], .errno(EACCES)),
            Row(.socket, [AF_UNIX, raw, 0], .errno(EACCES)),  // the kernel makes a datagram socket of it
            Row(.socket, [AF_NETLINK, raw, 0], .allow), Row(.socket, [AF_NETLINK, raw, 4], .errno(EPROTONOSUPPORT)),
            Row(.socket, [AF_NETLINK, raw, 16], .errno(EPROTONOSUPPORT)),
        ]
        // AX25, X25, PACKET, RDS, CAN, TIPC, BLUETOOTH, ALG, NFC, VSOCK, KCM, QIPCRTR, SMC, XDP, MCTP, nonsense
        + [3, 9, 17, 21, 29, 30, 31, 38, 39, 40, 41, 42, 43, 44, 45, -1, 99].map {
            Row(.socket, [$0, stream, 0], .errno(EAFNOSUPPORT))
        } + [
            Row(.socketpair, [AF_UNIX, stream, 0], .allow), Row(.socketpair, [AF_UNIX, seqpacket | flags, 0], .allow),
            Row(.socketpair, [AF_UNIX, datagram, 0], .errno(EPROTONOSUPPORT)),
            Row(.socketpair, [AF_UNIX, raw, 0], .errno(EPROTONOSUPPORT)),
            Row(.socketpair, [30, stream, 0], .errno(EAFNOSUPPORT)),  // TIPC
        ]

    private static let fastOpen: Int32 = 0x2000_0000
    private static let sends: [Row] = [
        Row(.sendto, [3, 0, 0, 0], .allow), Row(.sendto, [3, 0, 0, fastOpen | 0x4000], .errno(EOPNOTSUPP)),
        Row(.sendto, [3, 0, fastOpen, 0], .allow), Row(.sendmsg, [3, 0, 0x4000], .allow),
        Row(.sendmsg, [3, 0, fastOpen], .errno(EOPNOTSUPP)), Row(.sendmmsg, [3, 0, 2, 0], .allow),
        Row(.sendmmsg, [3, 0, 2, fastOpen], .errno(EOPNOTSUPP)),
    ]

    private static let deniedOptions: [Int32: [Int32]] = [
        1: [25, 36, 62], 0: [4, 19, 39, 42, 46, 50], 41: [5, 6, 42, 46, 54, 55, 57, 59, 75, 76],
        6: [14, 32, 38, 39, 40],
    ]
    private static let options: [Row] =
        deniedOptions.flatMap { level, names in
            (0..<128).map { name in Row(.setsockopt, [3, level, name], names.contains(name) ? .errno(EPERM) : .allow) }
        } + [Row(.setsockopt, [3, 17, 25], .allow)]

    private static let control: [Row] = [
        Row(.ioctl, [0, 0x5412], .errno(EPERM)), Row(.ioctl, [0, 0x541c], .errno(EPERM)),
        Row(.ioctl, [0, 0x894c], .errno(EPERM)), Row(.ioctl, [0, 0x4004_54ca], .errno(EPERM)),
        Row(.ioctl, [0, 0x5401], .allow), Row(.ioctl, [0, 0x8901], .allow),
        Row(.prctl, [4, 0], .errno(0)), Row(.prctl, [4, 1], .errno(0)), Row(.prctl, [3], .allow),
        Row(.fcntl, [3, 8], .allow), Row(.fcntl, [3, 10], .allow), Row(.fcntl, [3, 15], .allow),
    ]

    private static let signals: [Row] = [.kill, .tkill, .tgkill, .rtSigqueueinfo, .rtTgsigqueueinfo].flatMap { call in
        [FilterInterpreter.supervisor, FilterInterpreter.guardian, -1].map { Row(call, [$0, 9], .errno(EPERM)) }
            + [0, 1, 5000, -5000].map { Row(call, [$0, 9], .allow) }
    }

    private static let priorities: [Row] =
        [.schedSetaffinity, .schedSetscheduler, .schedSetparam, .schedSetattr].flatMap { call in
            spared.map { Row(call, [$0], .errno(EPERM)) } + [0, 1, 5000].map { Row(call, [$0, 8], .allow) }
        }
        + [(SystemCall.setpriority, Int32(0), [Int32(1), 2, 3, -1]), (.ioprioSet, 1, [0, 2, 3])].flatMap { row in
            let (call, process, others) = row
            return spared.map { Row(call, [process, $0, 5], .errno(EPERM)) }
                + [0, 1, 5000].map { Row(call, [process, $0, 5], .allow) }
                + others.map { Row(call, [$0, 0, 5], .errno(EPERM)) }
        }
    private static let spared = [FilterInterpreter.supervisor, FilterInterpreter.guardian]

    private static let wholeCalls: [Row] =
        [.ioUringSetup, .ioUringEnter, .ioUringRegister, .keyctl, .addKey, .requestKey, .fsopen].map {
            Row($0, [], .errno(ENOSYS))
        }
        + [.bpf, .perfEventOpen, .userfaultfd, .openByHandleAt].map { Row($0, [], .errno(EPERM)) }
        + [
            .read, .getppid, .clone, .clone3, .execve, .execveat, .unshare, .setns, .mount, .seccomp,
            .landlockRestrictSelf,
            .ptrace, .processVMReadv, .processVMWritev, .pidfdGetfd, .kcmp, .pidfdSendSignal,
        ].map { Row($0, [], .allow) }

    private static let rows =
        connections + internetSockets + otherSockets + sends + options + control + signals + priorities
        + wholeCalls

    @Test func everyRowOfTheTableHolds() {
        let filter = FilterInterpreter()
        for row in Self.rows {
            let arguments = row.arguments.map { UInt64(UInt32(bitPattern: $0)) }
            #expect(filter.answer(number: UInt32(row.call.number), arguments) == row.answer, "\(row.testDescription)")
        }
    }

    @Test func upperHalvesOfArgumentsChangeNothing() {
        let filter = FilterInterpreter()
        for row in Self.rows {
            let arguments = row.arguments.map { UInt64(UInt32(bitPattern: $0)) | 0xdead_beef << 32 }
            #expect(filter.answer(number: UInt32(row.call.number), arguments) == row.answer, "\(row.testDescription)")
        }
    }

    @Test func limitsOfOtherProcessesCannotBeSet() {
        let filter = FilterInterpreter()
        let number = UInt32(SystemCall.prlimit64.number)
        #expect(filter.answer(number: number, [0, 7, 0x7ffe_0000_1000, 0]) == .allow)
        #expect(filter.answer(number: number, [5000, 7, 0, 0x7ffe_0000_1000]) == .allow)
        #expect(filter.answer(number: number, [5000, 7, 0x1000, 0]) == .errno(EPERM))
        #expect(filter.answer(number: number, [5000, 7, 0x7ffe_0000_0000, 0]) == .errno(EPERM))
        #expect(filter.answer(number: number, [5000 | 1 << 32, 7, 0x1000, 0]) == .errno(EPERM))
    }

    @Test func executionsAreSeenWhereThatIsAskedForAndNothingElseChanges() {
        let filter = FilterInterpreter(notifiesExecutions: true)
        for row in Self.rows {
            let arguments = row.arguments.map { UInt64(UInt32(bitPattern: $0)) }
            let isExecution = row.call == .execve || row.call == .execveat
            #expect(
                filter.answer(number: UInt32(row.call.number), arguments) == (isExecution ? .notify : row.answer),
                "\(row.testDescription)")
        }
    }

    @Test func datagramSocketsAreDeniedWhereNoOneMakesThem() {
        let filter = FilterInterpreter(notifiesDatagrams: false)
        for family in [AF_INET, AF_INET6] {
            for type in [Self.datagram, Self.datagram | Self.flags] {
                let arguments = [UInt64(family), UInt64(type), 0]
                #expect(filter.answer(number: UInt32(SystemCall.socket.number), arguments) == .errno(EACCES))
            }
        }
        #expect(filter.answer(number: UInt32(SystemCall.socket.number), [2, 1, 0]) == .allow)
    }

    @Test func streamSocketsAreTheSupervisorsToMakeWhereItCannotTakeThemLater() {
        let filter = FilterInterpreter(notifiesStreams: true)
        let made = Self.rows.filter { row in
            row.call == .socket && row.answer == .allow && [AF_UNIX, AF_INET, AF_INET6].contains(row.arguments[0])
        }
        #expect(made.count >= 6)
        for row in Self.rows {
            let arguments = row.arguments.map { UInt64(UInt32(bitPattern: $0)) }
            let isMade = made.contains { $0.call == row.call && $0.arguments == row.arguments }
            let answer = isMade ? Answer.notify : row.answer
            #expect(filter.answer(number: UInt32(row.call.number), arguments) == answer, "\(row.testDescription)")
        }
    }

    @Test func mountsAreTheSupervisorsToRefuseWhereFileRulesForbidThem() {
        for call in [SystemCall.mount, .moveMount, .pivotRoot] {
            #expect(FilterInterpreter(notifiesMounts: true).answer(number: UInt32(call.number), []) == .notify)
            #expect(FilterInterpreter().answer(number: UInt32(call.number), []) == .allow)
        }
    }

    @Test func rootsUserAndMountNamespacesAreTheSupervisorsToRefuseWhereFileRulesLeaveThemNoUse() {
        let filter = FilterInterpreter(notifiesNamespaces: true)
        for call in [SystemCall.clone, .unshare] {
            let number = UInt32(call.number)
            for flags: UInt64 in [0x1000_0000, 0x0002_0000, 0x1002_0011, 0xdead_beef_1000_0000] {
                #expect(filter.answer(number: number, [flags]) == .notify, "\(call) \(flags)")
                #expect(FilterInterpreter().answer(number: number, [flags]) == .allow)
            }
            // A fork, a thread, a network namespace.
            for flags: UInt64 in [0x0120_0011, 0x003d_0f00, 0x4000_0000] {
                #expect(filter.answer(number: number, [flags]) == .allow, "\(call) \(flags)")
            }
        }
    }

    @Test func withoutLandlockOtherProcessesCannotBeLookedInto() {
        let filter = FilterInterpreter(hasLandlock: false)
        for call in [SystemCall.ptrace, .processVMReadv, .processVMWritev, .pidfdGetfd, .kcmp] {
            #expect(filter.answer(number: UInt32(call.number), []) == .errno(EPERM), "\(call)")
        }
    }

    @Test func withoutSignalScopesTheRoundaboutSignalsAreDenied() {
        let filter = FilterInterpreter(hasSignalScope: false)
        #expect(filter.answer(number: UInt32(SystemCall.pidfdSendSignal.number), []) == .errno(EPERM))
        for command in [8, 10, 15] as [UInt64] {
            #expect(filter.answer(number: UInt32(SystemCall.fcntl.number), [3, command]) == .errno(EPERM))
        }
        for request in [0x8901, 0x8902] as [UInt64] {
            #expect(filter.answer(number: UInt32(SystemCall.ioctl.number), [3, request]) == .errno(EPERM))
        }
        #expect(filter.answer(number: UInt32(SystemCall.fcntl.number), [3, 4]) == .allow)
        #expect(filter.answer(number: UInt32(SystemCall.ioctl.number), [3, 0x5401]) == .allow)
    }

    @Test func callsThatNobodyExaminedDoNotExist() {
        let filter = FilterInterpreter()
        #expect(filter.answer(number: 469, []) == .allow)
        for number in [470, 900, 0x4000_0000 + 42, 0x4000_0000 + 520, .max] as [UInt32] {
            #expect(filter.answer(number: number, []) == .errno(ENOSYS), "\(number)")
        }
    }

    @Test func aForeignArchitectureKills() {
        let filter = FilterInterpreter()
        for architecture in [0x4000_0003, 0x4000_0028, 0xc000_00f3, 0] as [UInt32] {
            #expect(filter.answer(number: 20, [], architecture: architecture) == .killProcess)
        }
    }

    @Test func noCallRunsOffTheProgram() {
        let filter = FilterInterpreter(notifiesDatagrams: false, hasLandlock: false, hasSignalScope: false)
        for number in 0..<500 as Range<UInt32> {
            for argument in [0, 1, 2, 3, 4, 5, 6, 10, 16, 41, .max] as [UInt64] {
                let answer = filter.answer(number: number, [argument, argument, argument, argument, 0, 0])
                if case .broken(let reason) = answer { Issue.record("call \(number): \(reason)") }
            }
        }
    }

    @Test func aProgramThatDoesNotFitIsNotBuilt() {
        let whole = FilterInterpreter(notifiesDatagrams: true, hasLandlock: false, hasSignalScope: false)
        #expect(whole.program.count > 100)
        #expect(
            FilterInterpreter(hasLandlock: false, hasSignalScope: false, capacity: whole.program.count).program.count
                > 0)
        for capacity in 0..<whole.program.count {
            let filter = FilterInterpreter(hasLandlock: false, hasSignalScope: false, capacity: capacity)
            #expect(filter.program.isEmpty)
        }
    }
}
