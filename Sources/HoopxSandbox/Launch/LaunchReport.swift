import CHoopxLinux
import Glibc
import HoopxCore
import HoopxLinux

/// The messages of hoopx-launch, and what they mean to the user.
enum LaunchReport {
    struct Received: ~Copyable {
        /// nil at the end of the conversation.
        let message: hoopx_launch_message?
        let descriptor: OwnedDescriptor?
    }

    struct Listener: ~Copyable {
        let pid: Int32
        let descriptor: OwnedDescriptor
    }

    /// Waits for the next message.
    static func receive(from control: borrowing OwnedDescriptor) throws(Errno) -> Received {
        var message = hoopx_launch_message()
        var passed: Int32 = -1
        let size = MemoryLayout.size(ofValue: message)
        var count = hoopx_receive_packet(control.raw, &message, size, &passed)
        // The guardian ended with an order of ours unread; its last words come behind this error (unix(7)).
        if count == -Int(ECONNRESET) { count = hoopx_receive_packet(control.raw, &message, size, &passed) }
        try Errno.check(count)
        return Received(
            message: count == size ? message : nil, descriptor: passed >= 0 ? OwnedDescriptor(passed) : nil)
    }

    /// Waits for the filter's listener.
    static func receiveListener(
        from control: borrowing OwnedDescriptor, _ plan: LaunchPlan
    ) throws(HoopxError) -> Listener {
        let received: Received
        do throws(Errno) {
            received = try receive(from: control)
        } catch {
            throw brokenOff(error)
        }
        guard let message = received.message else { throw brokenOff(nil) }
        guard message.report == HOOPX_LAUNCH_LISTENER.rawValue else { throw failure(message, plan) }
        guard let descriptor = received.descriptor else { throw brokenOff(Errno(EMFILE)) }
        return Listener(pid: message.pid, descriptor: descriptor)
    }

    private static func brokenOff(_ reason: Errno?) -> HoopxError {
        HoopxError(
            .startup, doing: "starting the sandbox",
            found: "hoopx-launch ended before the command ran" + (reason.map { " (\($0))" } ?? ""))
    }

    /// What a message that was not expected says: mostly that a step failed.
    static func failure(_ message: hoopx_launch_message, _ plan: LaunchPlan) -> HoopxError {
        guard message.report == HOOPX_LAUNCH_FAILED.rawValue, message.value >= 0 else { return brokenOff(nil) }
        let reason = Errno(message.error)
        let step = hoopx_launch_step(rawValue: UInt32(message.value))
        if step == HOOPX_STEP_EXECUTE { return notExecuted(plan.command.first ?? "", reason) }
        return HoopxError(
            .startup, doing: "starting the sandbox: \(words(for: step))", found: reason.description,
            hint: hint(for: step, reason))
    }

    private static func notExecuted(_ command: String, _ reason: Errno) -> HoopxError {
        guard reason.code != ENOENT else {
            let isPath = command.contains("/")
            return HoopxError(
                .commandNotFound, doing: "running \(command)", found: "command not found",
                hint: isPath
                    ? "check the path, and the interpreter that the file's first line names"
                    : "check the spelling, or give its path; it was searched in PATH")
        }
        return HoopxError(
            .commandNotExecutable, doing: "running \(command)", found: reason.description,
            hint: reason.code == EACCES ? "check that it is a file that you may execute (ls -l)" : nil)
    }

    private static func words(for step: hoopx_launch_step) -> String {
        switch step {
        case HOOPX_STEP_GUARDIAN, HOOPX_STEP_FORK: "making the guardian process"
        case HOOPX_STEP_STANDARD_STREAMS: "checking the standard streams"
        case HOOPX_STEP_PARENT_DEATH: "tying the command to its guardian"
        case HOOPX_STEP_NO_NEW_PRIVILEGES: "giving up new privileges"
        case HOOPX_STEP_CAPABILITIES: "dropping capabilities"
        case HOOPX_STEP_LANDLOCK: "entering a Landlock domain"
        case HOOPX_STEP_FILE_RULES: "restricting files"
        case HOOPX_STEP_FILTER: "installing the seccomp filter"
        case HOOPX_STEP_HAND_OVER: "handing the seccomp listener over"
        case HOOPX_STEP_DESCRIPTORS: "closing descriptors"
        case HOOPX_STEP_TERMINAL: "giving the command its terminal"
        default: "step \(step.rawValue)"
        }
    }

    private static func hint(for step: hoopx_launch_step, _ reason: Errno) -> String? {
        switch (step, reason.code) {
        case (HOOPX_STEP_FILTER, EBUSY):
            "hoopx runs under another supervisor (WSL2 with mirrored networking, a sandbox, hoopx itself), "
                + "and the kernel allows one only"
        case (HOOPX_STEP_FILTER, EINVAL): "hoopx needs Linux 5.19 or later"
        case (HOOPX_STEP_STANDARD_STREAMS, _):
            "standard input, output and error may be files, pipes or terminals, but no network sockets"
        default: nil
        }
    }
}
