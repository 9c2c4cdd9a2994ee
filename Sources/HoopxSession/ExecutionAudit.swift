import HoopxAudit
import HoopxCore
import HoopxSandbox

/// Records what the target executes, and looks for what its end has to explain.
struct ExecutionAudit: ExecutionObserver {
    let recorder: Recorder
    /// Where installing packages cannot work; else nil.
    let installation: PackageInstallation?

    func observed(_ execution: ObservedExecution) {
        installation?.observe(execution)
        let (number, now) = (recorder.nextExecutionNumber(), Timestamp.now())
        let size = execution.arguments.reduce(execution.path?.count ?? 0) { $0 + $1.count }
        recorder.recordExecution(size: size) {
            ExecutionRecord(
                number: number, pid: execution.pid, parentPID: execution.parentPID, executedAt: now,
                path: execution.path.map { RecordedArguments.masked($0) },
                arguments: execution.isTruncated
                    ? RecordedArguments(truncated: execution.arguments) : RecordedArguments(bytes: execution.arguments),
                isTruncated: execution.isTruncated)
        }
    }

    func observedMiss() { recorder.recordMissedExecution() }
}
