import CHoopxLinux
import Glibc
import HoopxLinux
import Synchronization

/// Receives the target's trapped calls, and has them answered.
///
/// One thread leads: it receives a call, answers it, and receives the next; waking another thread for each call would
/// cost more than most calls do. A call can block, though, as long as the target likes (a full backlog, memory that is
/// backed by a file system of the target's own). So a second thread, the deputy, looks at the leader every ten
/// milliseconds while there is work, and takes the lead over where it finds it at the same call twice. A thread that lost
/// the lead ends with its call.
final class NotificationListener: Sendable {
    /// What the leader is doing, in one word, so that the lead changes hands in one step.
    private struct Turn: Equatable {
        /// Which leader it is: 32 bits. The number of its calls: 31 bits. Whether it is at one: 1 bit.
        var word: UInt64

        static func first(of leader: UInt64) -> Turn { Turn(word: leader << 32) }
        var leader: UInt64 { word >> 32 }
        var isBusy: Bool { word & 1 == 1 }
        var busy: Turn { Turn(word: word | 1) }
        var next: Turn { Turn(word: leader << 32 | (word + 1) & 0xffff_fffe) }
    }

    private let listener: OwnedDescriptor
    private let answer: @Sendable (PendingCall, Workplace) -> Void
    private let turn = Atomic<UInt64>(0)
    /// Whether the deputy waits for `alarm` rather than for the time to pass.
    private let isDeputyAsleep = Atomic<Bool>(false)
    private let alarm: OwnedDescriptor
    private let ending: Ending
    /// The one that leads, and those that lost the lead and are at their last call still.
    private let leaders = Atomic<Int>(1)

    private static let leaderLimit = 256
    /// How often the deputy looks, in milliseconds, and after how many idle looks it sleeps. A look costs some 40 us of a
    /// processor, that which wakes it included; to rouse it costs the first call after a rest a few.
    private static let interval: Int32 = 10
    private static let idleLooks = 3
    private static let stackSize = 512 << 10

    /// - Parameters:
    ///   - listener: the descriptor that the filter's installation gave. When the object goes, the kernel answers ENOSYS.
    ///   - answer: answers a call; it may block.
    init(
        _ listener: consuming OwnedDescriptor, answer: @escaping @Sendable (PendingCall, Workplace) -> Void
    ) throws(Errno) {
        // Where the kernel is too old for it, a call takes longer.
        _ = hoopx_notification_wake_on_same_cpu(listener.raw)
        self.listener = listener
        self.answer = answer
        alarm = OwnedDescriptor(try Errno.check(hoopx_event()))
        ending = try Ending()
    }

    /// Starts the threads, which are all that holds the listener: they end with the last process under the filter, or
    /// at the end that is returned.
    func start() throws(Errno) -> Ending {
        try startDeputy()
        _ = try ServiceThread(name: "hoopx-notify", stackSize: Self.stackSize) { self.lead(from: .first(of: 0)) }
        return ending
    }

    /// The end of the service.
    final class Ending: Sendable {
        fileprivate let event: OwnedDescriptor
        /// Raised when the last of all leaders leaves.
        fileprivate let left: OwnedDescriptor

        fileprivate init() throws(Errno) {
            event = OwnedDescriptor(try Errno.check(hoopx_event()))
            left = OwnedDescriptor(try Errno.check(hoopx_event()))
        }

        /// Receives no more calls. Once the calls under way are answered, the target's later ones fail with ENOSYS.
        func come() { NotificationListener.raise(event) }

        /// Waits until all that there is to tell of the last calls is told: they may have been answered before.
        ///
        /// - Parameter milliseconds: how long, at most. A call can block.
        func wait(milliseconds: Int32) {
            var watched = pollfd(fd: left.raw, events: Int16(POLLIN), revents: 0)
            _ = poll(&watched, 1, milliseconds)
        }
    }

    private func startDeputy() throws(Errno) {
        _ = try ServiceThread(name: "hoopx-deputy", stackSize: Self.stackSize) { self.deputize() }
    }

    // MARK: The leader

    private func lead(from first: Turn) {
        defer { if leaders.subtract(1, ordering: .acquiringAndReleasing).newValue == 0 { Self.raise(ending.left) } }
        let workplace = Workplace()
        var idle = first
        while let call = receive() {
            let busy = idle.busy
            turn.store(busy.word, ordering: .sequentiallyConsistent)
            if isDeputyAsleep.exchange(false, ordering: .sequentiallyConsistent) { Self.raise(alarm) }
            answer(call, workplace)
            let next = idle.next
            let result = turn.compareExchange(expected: busy.word, desired: next.word, ordering: .acquiringAndReleasing)
            guard result.exchanged else { return }
            idle = next
        }
        // The deputy need not look after nobody.
        ending.come()
    }

    /// The next call; nil where the last process under the filter is gone, or the end has come.
    private func receive() -> PendingCall? {
        var notification = hoopx_notification()
        guard hoopx_notification_receive(listener.raw, ending.event.raw, &notification) == 0 else { return nil }
        return PendingCall(notification, listener: listener.raw)
    }

    // MARK: The deputy

    private func deputize() {
        var seen = current
        var idleLooks = 0
        while true {
            let isAsleep = idleLooks >= Self.idleLooks
            if isAsleep { isDeputyAsleep.store(true, ordering: .sequentiallyConsistent) }
            // The leader may have begun before it could see that we sleep.
            let mayBlock = isAsleep && !current.isBusy
            guard waits(milliseconds: mayBlock ? -1 : Self.interval) else { return }
            if isAsleep { isDeputyAsleep.store(false, ordering: .relaxed) }
            let now = current
            if now.isBusy, now == seen, takeLead(from: now) { return }
            idleLooks = now == seen && !now.isBusy && !isAsleep ? idleLooks + 1 : 0
            seen = now
        }
    }

    private var current: Turn { Turn(word: turn.load(ordering: .sequentiallyConsistent)) }

    /// Waits for an alarm or for the time to pass; false where all ends.
    private func waits(milliseconds: Int32) -> Bool {
        var watched = [
            pollfd(fd: alarm.raw, events: Int16(POLLIN), revents: 0),
            pollfd(fd: ending.event.raw, events: Int16(POLLIN), revents: 0),
        ]
        _ = poll(&watched, 2, milliseconds)
        if watched[0].revents != 0 {
            var count: UInt64 = 0
            _ = read(alarm.raw, &count, 8)
        }
        return watched[1].revents == 0
    }

    /// Takes the lead from a leader that is at the same call as before, and leads until the end.
    ///
    /// - Returns: false where it went on meanwhile, or where no more threads may be had.
    private func takeLead(from stuck: Turn) -> Bool {
        guard leaders.load(ordering: .relaxed) <= Self.leaderLimit else { return false }
        let mine = Turn.first(of: (stuck.leader + 1) & 0xffff_ffff)
        guard turn.compareExchange(expected: stuck.word, desired: mine.word, ordering: .acquiringAndReleasing).exchanged
        else { return false }
        leaders.add(1, ordering: .relaxed)
        // Without a deputy a call that blocks holds the others up, but nothing gets lost.
        try? startDeputy()
        hoopx_name_thread("hoopx-notify")
        lead(from: mine)
        return true
    }

    fileprivate static func raise(_ event: borrowing OwnedDescriptor) {
        var one: UInt64 = 1
        _ = write(event.raw, &one, 8)
    }
}
