import CHoopxLinux

/// Signals to hoopx as values that one thread reads in order (signalfd(2)), instead of handlers that interrupt.
public struct SignalStream: ~Copyable, Sendable {
    /// One signal and where it came from.
    public struct Signal: Hashable, Sendable {
        public let number: Int32
        /// How it was sent (sigaction(2), `si_code`): `isFromKernel` tells the terminal's Ctrl-C from kill(2).
        public let code: Int32
        /// The sending process, 0 where the kernel itself sent it.
        public let sender: Int32

        /// Whether the terminal sent it, in which case every process of the foreground group has got it too.
        public var isFromKernel: Bool { code == 0x80 }  // SI_KERNEL
    }

    private let descriptor: OwnedDescriptor

    /// Blocks the signals in the calling thread and in each thread that it starts from now on, and collects them.
    ///
    /// Call it before any other thread exists: a signal that one of them does not block is not collected.
    public init(_ signals: [Int32]) throws(Errno) {
        let set = signals.reduce(UInt64(0)) { $0 | 1 << UInt64($1 - 1) }
        descriptor = OwnedDescriptor(try Errno.check(hoopx_collect_signals(set)))
    }

    /// The descriptor itself, for poll(2): readable while a signal waits.
    public var raw: Int32 { descriptor.raw }

    /// The next signal, or nil where none waits.
    public func next() -> Signal? {
        var signal = hoopx_signal()
        guard hoopx_next_signal(descriptor.raw, &signal) == 0 else { return nil }
        return Signal(number: signal.number, code: signal.code, sender: signal.sender)
    }
}
