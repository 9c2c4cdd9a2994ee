import CHoopxLinux
import Glibc

/// Makes hoopx the parent of whatever its descendants leave behind (`PR_SET_CHILD_SUBREAPER` in prctl(2)).
///
/// The guardian of hoopx-launch is a subreaper itself and ends the target's tree; hoopx is one for the case that the
/// guardian is killed.
public enum Subreaper {
    public static func become() throws(Errno) {
        try Errno.check(hoopx_become_subreaper())
    }

    /// Kills and reaps every child of hoopx but the named ones, and what those leave behind, until none is left.
    ///
    /// A child that was not reaped keeps its number, so that no other process can be hit.
    ///
    /// - Parameter deadline: when to give up on a child that the kernel cannot end.
    /// - Returns: whether none is left.
    public static func endChildren(except spared: Set<Int32>, deadline: ContinuousClock.Instant) -> Bool {
        end({ children().subtracting(spared) }, deadline: deadline)
    }

    static func end(_ remaining: () -> Set<Int32>, deadline: ContinuousClock.Instant) -> Bool {
        while true {
            let children = remaining()
            if children.isEmpty { return true }
            for child in children {
                kill(child, SIGKILL)
                var status: Int32 = 0
                waitpid(child, &status, WNOHANG)
            }
            if ContinuousClock.now >= deadline { return false }
            usleep(1000)
        }
    }

    /// The children of all threads (proc(5), `/proc/PID/task/TID/children`).
    static func children() -> Set<Int32> {
        var children: Set<Int32> = []
        for name in DirectoryListing.names(in: "/proc/self/task") {
            guard let text = TextFile.read("/proc/self/task/\(name)/children") else { continue }
            children.formUnion(text.split(separator: " ").compactMap { Int32($0) })
        }
        return children
    }
}
