import Glibc
import HoopxCore
import HoopxLinux

/// The terminal that a command gets for its own, so that what it shows can be recorded on its way to the user's.
struct RecordedTerminal {
    private let own: PseudoTerminal
    let size: TerminalSize
    /// The command's standard input, output and error.
    let standardStreams: [Int32]

    /// Why a run's terminal cannot be recorded; nil where it can.
    ///
    /// The command would miss something if it had a terminal of its own here: what it reads from a pipe comes from
    /// programs that the user's terminal stops and interrupts together with it.
    static func refusal() -> String? {
        if !ControllingTerminal.isOpen(on: STDIN_FILENO) { return "standard input is not the terminal" }
        if !ControllingTerminal.isOpen(on: STDOUT_FILENO) { return "standard output is not the terminal" }
        guard let terminal = ControllingTerminal() else { return "there is no terminal" }
        return terminal.isForeground ? nil : "hoopx runs in the background"
    }

    /// - Throws: where no pseudo-terminal can be made.
    init() throws(HoopxError) {
        do throws(Errno) {
            own = try PseudoTerminal()
            guard let terminal = ControllingTerminal(), let size = terminal.size(),
                let attributes = terminal.attributes()
            else { throw Errno(ENOTTY) }
            let window = try own.window()
            window.set(attributes)
            window.set(size)
            self.size = size
        } catch {
            throw HoopxError(
                .startup, doing: "making a terminal for the command, to record it", found: error.description,
                hint: "a container needs a devpts file system on /dev/pts")
        }
        let slave = own.slave.raw
        standardStreams = [slave, slave, ControllingTerminal.isOpen(on: STDERR_FILENO) ? slave : STDERR_FILENO]
    }

    /// Once the command has its end: what stands before the other one.
    func relay(recording: TerminalRecording) throws(HoopxError) -> TerminalRelay {
        do throws(Errno) {
            guard let terminal = ControllingTerminal(isBlocking: false) else { throw Errno.last }
            return TerminalRelay(terminal: terminal, window: try own.window(), recording: recording)
        } catch {
            throw HoopxError(
                .startup, doing: "recording the command's terminal", found: error.description,
                hint: "raise ulimit -n")
        }
    }
}
