import CHoopxLinux

/// Whether other processes of the same user may look into this one (`PR_SET_DUMPABLE` in prctl(2)).
public enum ProcessDumpability {
    /// Makes hoopx's memory, environment and descriptors unreadable for its own user's processes, and lets it write no
    /// core file: it holds credentials.
    public static func forbid() throws(Errno) {
        try Errno.check(hoopx_set_dumpable(false))
    }
}
