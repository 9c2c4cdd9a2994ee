import CHoopxLinux
import Glibc

extension Supervisor {
    /// execve(2), execveat(2): looks who executes what, lets the call go on, and tells.
    ///
    /// The only call that is let go on, and it may be: nothing is decided on what was read here. Whoever changes the
    /// path or the arguments before the kernel reads them executes what they could have executed anyway, and spoils
    /// the record of it, which promises no more than this. Whatever cannot be read is left out, so that no execution
    /// fails for being looked at.
    ///
    /// Only what is gone afterwards is read before the call goes on. The kernel runs this thread on the target's
    /// processor, and the target again as soon as this thread waits, but that is over where the target waited for more
    /// than some ten microseconds: then it moves to another processor with every program that it starts (measured on 6.18:
    /// a tenth of what starting a program costs).
    func observeExecution(_ call: PendingCall, at workplace: Workplace) {
        let isAt = call.number == HOOPX_CALL_EXECVEAT.rawValue
        let words = workplace.executedWords
        words.read(path: call.pointer(isAt ? 1 : 0), arguments: call.pointer(isAt ? 2 : 1), of: call.thread)
        let program = NamedProgram(
            words, in: isAt ? call.int(0) : AT_FDCWD, mayBeDescriptor: isAt && call.int(4) & Self.emptyPath != 0,
            of: call.thread, recent: &workplace.recentPrograms)
        // Another thread than its process's first takes over that one's number, and its own is nobody's then.
        let isProcess = hoopx_is_process(call.thread)
        let itsStatus = isProcess ? nil : ThreadStatus(of: call.thread)

        // Where it was killed meanwhile, what was read by its number may be another's.
        guard call.letGoOn() else { return }
        guard !program.isMissing else {
            executions?.observedMiss()
            return
        }
        let status = itsStatus ?? ThreadStatus(of: call.thread)
        executions?.observed(
            ObservedExecution(
                pid: isProcess ? call.thread : status?.processID, parentPID: status?.parentID,
                path: program.path(words),
                arguments: words.arguments, isTruncated: words.isTruncated))
    }

    /// AT_EMPTY_PATH
    private static let emptyPath: Int32 = 0x1000
}
