import Glibc

/// How many descriptors the process may have open (`RLIMIT_NOFILE` in getrlimit(2)).
public enum DescriptorLimit {
    /// Raises the limit to what the user may have at most. Programs that are started from then on inherit it.
    ///
    /// Shells give a program 1,024, because some count on numbers that fit into select(2)'s sets. hoopx needs two for
    /// each connection of the target, and a socket that it cannot take is a connect that fails.
    public static func raise() {
        let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        var limit = rlimit()
        guard getrlimit(resource, &limit) == 0 else { return }
        limit.rlim_cur = limit.rlim_max
        _ = setrlimit(resource, &limit)
    }
}
