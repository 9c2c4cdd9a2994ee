import CHoopxLinux
import Glibc

extension Supervisor {
    /// execve(2), execveat(2): looks who executes what, lets the call go on, and tells.
    ///
    /// The only call that is let go on, and it may be: nothing is decided on what was read here. Whoever changes the
    /// path or the arguments before the kernel reads them executes what they could have executed anyway, and spoils
    /// the record of it, which promises no more than this. Whatever cannot be read is left out, so that no execution
    /// fails for being looked at.
    func observeExecution(_ call: PendingCall) {
        let isAt = call.number == HOOPX_CALL_EXECVEAT.rawValue
        let program = NamedProgram(
            call.pointer(isAt ? 1 : 0), in: isAt ? call.int(0) : AT_FDCWD,
            mayBeDescriptor: isAt && call.int(4) & Self.emptyPath != 0, of: call.thread)
        if program.isMissing {
            executions?.observedMiss()
        } else {
            let arguments = ArgumentVector(call.pointer(isAt ? 2 : 1), of: call.thread)
            let status = ThreadStatus(of: call.thread)
            // What was read by the number of a thread that was killed meanwhile may be another's.
            guard (try? call.requireWaiting()) != nil else { return }
            executions?.observed(
                ObservedExecution(
                    pid: status?.processID, parentPID: status?.parentID, path: program.path,
                    arguments: arguments.words, isTruncated: arguments.isTruncated))
        }
        // Last of all: the kernel runs the target on this processor now, and this thread when that waits. A call that
        // came meanwhile would wait for what is left to do here.
        call.letGoOn()
    }

    /// AT_EMPTY_PATH
    private static let emptyPath: Int32 = 0x1000
}
