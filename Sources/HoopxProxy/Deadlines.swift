import NIOCore

/// How long the proxy waits for others.
struct Deadlines: Sendable {
    /// For the first bytes of a connection of the target. Some clients connect ahead of need.
    var firstBytes = TimeAmount.seconds(60)
    /// For the head of the next request on a kept connection.
    var nextRequest = TimeAmount.minutes(5)
    /// For anything to move while a request is under way. Long answers of a model come without a byte for minutes.
    var exchange = TimeAmount.minutes(30)
    /// For a client to read a refusal and close.
    var lingering = TimeAmount.seconds(2)
    /// For a body to be whole before it is passed on, from the end of its head. What takes longer goes on as it comes.
    var wholeBody = TimeAmount.milliseconds(250)
    var connect = TimeAmount.seconds(15)
    /// For TLS, and for the answer of a company's proxy.
    var handshake = TimeAmount.seconds(20)
    /// How long a connection to an upstream is kept without use: less than servers commonly keep theirs.
    var kept = TimeAmount.seconds(30)
}

/// One deadline of a channel that moves with every byte, without a timer for each byte: the timer that is set looks
/// when it fires whether the deadline has moved on.
final class MovingDeadline {
    private let loop: any EventLoop
    private let expired: () -> Void
    private var deadline: NIODeadline?
    private var timer: (task: Scheduled<Void>, at: NIODeadline)?

    /// - Parameter expired: must not keep the owner of the deadline alive.
    init(on loop: any EventLoop, expired: @escaping () -> Void) {
        self.loop = loop
        self.expired = expired
    }

    func set(_ limit: TimeAmount) {
        let deadline = NIODeadline.now() + limit
        self.deadline = deadline
        if let timer, timer.at <= deadline { return }
        schedule(at: deadline)
    }

    func clear() { deadline = nil }

    func cancel() {
        deadline = nil
        timer?.task.cancel()
        timer = nil
    }

    private func schedule(at time: NIODeadline) {
        timer?.task.cancel()
        timer = (
            loop.assumeIsolated().scheduleTask(deadline: time) { [weak self] in self?.look() }, time
        )
    }

    private func look() {
        timer = nil
        guard let deadline else { return }
        if deadline <= .now() { expired() } else { schedule(at: deadline) }
    }
}
