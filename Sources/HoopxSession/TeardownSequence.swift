import HoopxAudit
import HoopxCore

/// What has to be undone when a run ends, in whichever way it ends.
///
/// Startup adds a step as soon as there is something to undo; teardown takes them in reverse order. A step that fails
/// is reported and does not keep the others from running. What a SIGKILL of hoopx leaves undone is swept by the next
/// run (`OrphanSweep`).
final class TeardownSequence {
    private var steps: [(SessionEnding) throws(HoopxError) -> Void] = []

    func add(_ step: @escaping (SessionEnding) throws(HoopxError) -> Void) { steps.append(step) }

    /// Runs every step that has not run yet.
    ///
    /// - Returns: what failed.
    func run(_ ending: SessionEnding) -> [HoopxError] {
        var failures: [HoopxError] = []
        while let step = steps.popLast() {
            do throws(HoopxError) { try step(ending) } catch { failures.append(error) }
        }
        return failures
    }
}
