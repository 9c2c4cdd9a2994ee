import Glibc
import HoopxLinux

/// The terminal as it was before the command ran.
///
/// A shell puts the terminal right after a command that a signal ended. hoopx, which the shell sees in its place,
/// exits normally then, so hoopx does it.
final class TerminalState {
    private let attributes: TerminalAttributes?

    init() {
        attributes = ControllingTerminal()?.attributes()
    }

    /// Puts the terminal back, where the command left it in a state in which it does not echo.
    func restore() {
        // Writing to the terminal must not stop hoopx where the command's last job owned it.
        signal(SIGTTOU, SIG_IGN)
        guard let attributes, let terminal = ControllingTerminal(), terminal.attributes()?.isLineMode == false else {
            return
        }
        terminal.restore(attributes)
    }
}
