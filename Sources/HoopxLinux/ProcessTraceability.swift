import CHoopxLinux

/// Whether the user's other processes may trace this one where Yama is in their way (`PR_SET_PTRACER` in prctl(2)).
public enum ProcessTraceability {
    /// Lets every process of the user trace hoopx while `body` runs. What Landlock or `ProcessDumpability` forbids
    /// stays forbidden.
    public static func allowed<Result>(during body: () throws -> Result) rethrows -> Result {
        // Without Yama there is nothing to allow.
        _ = hoopx_let_be_traced(true)
        defer { _ = hoopx_let_be_traced(false) }
        return try body()
    }
}
