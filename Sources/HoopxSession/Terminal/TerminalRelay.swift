import Glibc
import HoopxLinux

/// Stands between the user's terminal and the one that the command has for its own, and records what the command shows.
///
/// The user's terminal passes every byte on as it is while hoopx is in the foreground; what Ctrl-C and Ctrl-Z do is the
/// command's terminal's business, which behaves as the user's would. Nothing here waits, but where it is said.
final class TerminalRelay {
    private enum Place {
        /// Not begun, or the shell has the terminal.
        case away
        case foreground
        /// Another job has the terminal: nothing is read from it.
        case background
    }

    private let terminal: ControllingTerminal
    private let window: TerminalWindow
    private let recording: TerminalRecording
    private var size: TerminalSize?
    private var place = Place.away
    private var typed: [UInt8] = []
    private var shown: [UInt8] = []
    private var canRead = true
    /// false once every program has closed its terminal.
    private var isWindowOpen = true
    private var buffer = [UInt8](repeating: 0, count: 64 << 10)
    /// Whether what is typed stays in the user's terminal: while the command is about to go on after a stop, a Ctrl-Z would
    /// come in vain, since what continues a process takes back what would stop it (signal(7)).
    var holdsInput = false

    /// How often hoopx looks whether it has the terminal again, in the background: no signal tells.
    static let backgroundInterval = Duration.milliseconds(500)
    /// For how long it waits for the terminal, or for what the kernel still has of the command's last words.
    private static let patience: Int32 = 5_000

    init(terminal: consuming ControllingTerminal, window: consuming TerminalWindow, recording: TerminalRecording) {
        self.terminal = terminal
        self.window = window
        self.recording = recording
        size = self.terminal.size()
    }

    /// Takes the user's terminal: the command runs.
    func enter() {
        // Whoever writes from the background must not be stopped for it: on a terminal of its own the command is not.
        signal(SIGTTOU, SIG_IGN)
        place = .background
        lookForTerminal()
    }

    /// Takes the user's terminal back after `leave`, as the shell has left it.
    func enterAgain() {
        if terminal.isForeground, let attributes = terminal.attributes() { window.set(attributes) }
        enter()
    }

    /// Shows what is left, and leaves the user's terminal as the command has set its own. Waits a moment.
    func leave() {
        // What the command wrote before it stopped may be on its way in the kernel.
        pump(quietFor: 20, atMost: 250)
        giveBack()
    }

    /// The command has ended: shows what is left, to the last byte.
    func finish() {
        pump(quietFor: Self.patience, atMost: Self.patience)
        giveBack()
        recording.finish()
    }

    /// hoopx was continued, or looks whether it has the terminal again.
    func lookForTerminal() {
        guard place != .away else { return }
        resize()
        guard terminal.isForeground else {
            place = .background
            return
        }
        guard let attributes = window.attributes() else { return }
        terminal.restore(attributes.transparent)
        place = .foreground
    }

    /// The user's window has changed.
    func resize() {
        guard let current = terminal.size() else { return }
        window.set(current)
        if let size, size.columns != current.columns || size.rows != current.rows { recording.resize(current) }
        size = current
    }

    /// When `lookForTerminal` should be called; nil where only events matter.
    var interval: Duration? { place == .background ? Self.backgroundInterval : nil }

    /// What to wait for, for poll(2): two entries.
    var interests: [pollfd] {
        var terminalEvents: Int32 = 0
        if place == .foreground, canRead, typed.isEmpty, !holdsInput { terminalEvents |= POLLIN }
        if !shown.isEmpty { terminalEvents |= POLLOUT }
        var windowEvents: Int32 = 0
        // The command waits while the terminal does, as it would on the terminal itself.
        if shown.isEmpty, isWindowOpen { windowEvents |= POLLIN }
        if !typed.isEmpty, isWindowOpen, !holdsInput { windowEvents |= POLLOUT }
        // A hang-up is told whether or not it is asked for: where nothing is asked, there is nothing to wait for.
        return [
            pollfd(fd: terminalEvents == 0 ? -1 : terminal.raw, events: Int16(terminalEvents), revents: 0),
            pollfd(fd: windowEvents == 0 ? -1 : window.raw, events: Int16(windowEvents), revents: 0),
        ]
    }

    /// Carries on what `interests` waited for.
    func relay(_ ready: ArraySlice<pollfd>) {
        for entry in ready where entry.revents != 0 {
            if entry.fd == terminal.raw {
                if entry.events & Int16(POLLOUT) != 0 { show() }
                if entry.events & Int16(POLLIN) != 0 { readTerminal() }
            } else {
                if entry.events & Int16(POLLOUT) != 0 { type() }
                if entry.events & Int16(POLLIN) != 0 { readWindow() }
            }
        }
    }

    private func readTerminal() {
        // The shell may have it by now: reading would stop hoopx, and not the command.
        guard terminal.isForeground else {
            place = .background
            return
        }
        let count = read(terminal.raw, &buffer, 4_096)
        if count > 0 {
            typed += buffer[..<count]
            type()
        } else if count == 0 || (errno != EAGAIN && errno != EINTR) {
            // The window is closed. Whoever waits for input learns it from SIGHUP.
            canRead = false
        }
    }

    private func type() {
        let count = write(window.raw, typed, typed.count)
        if count > 0 { typed.removeFirst(count) }
        if count < 0, errno != EAGAIN, errno != EINTR { typed = [] }
    }

    private func readWindow() {
        let count = read(window.raw, &buffer, buffer.count)
        guard count > 0 else {
            // EIO: nobody has the other end open.
            if count == 0 || (errno != EAGAIN && errno != EINTR) { isWindowOpen = false }
            return
        }
        shown += buffer[..<count]
        show()
        buffer.withUnsafeBytes { recording.append(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
    }

    private func show() {
        let count = write(terminal.raw, shown, shown.count)
        if count > 0 { shown.removeFirst(count) }
        // The user's window is gone: the command is not to wait for it.
        if count < 0, errno != EAGAIN, errno != EINTR { shown = [] }
    }

    private func giveBack() {
        if place == .foreground, let attributes = window.attributes() { terminal.restore(attributes) }
        place = .away
    }

    /// Relays what the command shows until it is quiet, or its terminal is closed.
    ///
    /// - Parameters:
    ///   - quiet: in milliseconds.
    ///   - limit: in milliseconds, for all of it; where something moves on, it moves on too.
    private func pump(quietFor quiet: Int32, atMost limit: Int32) {
        var deadline = ContinuousClock.now + .milliseconds(limit)
        while isWindowOpen || !shown.isEmpty, ContinuousClock.now < deadline {
            var ready = interests
            if !shown.isEmpty || quiet == Self.patience { deadline = max(deadline, .now + .milliseconds(quiet)) }
            // What is typed now is for whoever has the terminal next.
            ready[0].events &= Int16(POLLOUT)
            if ready[0].events == 0 { ready[0].fd = -1 }
            guard poll(&ready, nfds_t(ready.count), quiet) != 0 else { return }
            relay(ready[...])
        }
    }
}
