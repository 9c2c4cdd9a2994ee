import CHoopxFilter
import Glibc

/// What the filter answers a call with.
enum Answer: Hashable {
    case allow
    case errno(Int32)
    case notify
    case killProcess
    /// The program did something that the kernel's verifier or this interpreter does not know.
    case broken(String)
}

/// Runs a filter over a call as the kernel would (seccomp(2), `struct seccomp_data`).
struct FilterInterpreter {
    let program: [sock_filter]

    init(
        notifiesDatagrams: Bool = true, notifiesStreams: Bool = false, notifiesExecutions: Bool = false,
        notifiesMounts: Bool = false, notifiesNamespaces: Bool = false,
        hasLandlock: Bool = true,
        hasSignalScope: Bool = true,
        capacity: Int = Int(HOOPX_FILTER_CAPACITY)
    ) {
        var options = hoopx_filter_options(
            supervisor: Self.supervisor, guardian: Self.guardian, notifies_datagrams: notifiesDatagrams,
            notifies_streams: notifiesStreams, notifies_executions: notifiesExecutions, notifies_mounts: notifiesMounts,
            notifies_namespaces: notifiesNamespaces,
            has_landlock: hasLandlock,
            has_signal_scope: hasSignalScope)
        program = [sock_filter](unsafeUninitializedCapacity: capacity) { buffer, count in
            count = hoopx_filter_build(&options, buffer.baseAddress, capacity)
        }
    }

    static let supervisor: Int32 = 4711
    static let guardian: Int32 = 4712

    func answer(
        number: UInt32, _ arguments: [UInt64], architecture: UInt32 = SystemCall.architecture
    ) -> Answer {
        var data = [UInt32](repeating: 0, count: 16)
        data[0] = number
        data[1] = architecture
        for (index, argument) in arguments.enumerated() {
            data[4 + 2 * index] = UInt32(truncatingIfNeeded: argument)
            data[5 + 2 * index] = UInt32(truncatingIfNeeded: argument >> 32)
        }
        return run(over: data)
    }

    private func run(over data: [UInt32]) -> Answer {
        var accumulator: UInt32 = 0
        var position = 0
        while position < program.count {
            let instruction = program[position]
            let value = instruction.k
            position += 1
            let isTaken: Bool
            switch Int32(instruction.code) {
            case BPF_LD | BPF_W | BPF_ABS:
                guard value % 4 == 0, value < 64 else { return .broken("load from \(value)") }
                accumulator = data[Int(value / 4)]
                continue
            case BPF_ALU | BPF_AND | BPF_K:
                accumulator &= value
                continue
            case BPF_RET | BPF_K: return Self.answer(of: value)
            case BPF_JMP | BPF_JEQ | BPF_K: isTaken = accumulator == value
            case BPF_JMP | BPF_JGE | BPF_K: isTaken = accumulator >= value
            case BPF_JMP | BPF_JSET | BPF_K: isTaken = accumulator & value != 0
            default: return .broken("instruction \(instruction.code)")
            }
            position += Int(isTaken ? instruction.jt : instruction.jf)
        }
        return .broken("the program has no end")
    }

    private static func answer(of value: UInt32) -> Answer {
        switch value & 0xffff_0000 {
        case 0x7fff_0000: .allow
        case 0x7fc0_0000: .notify
        case 0x0005_0000: .errno(Int32(value & 0xffff))
        case 0x8000_0000: .killProcess
        default: .broken("action \(value)")
        }
    }
}
