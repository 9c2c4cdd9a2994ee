import Glibc

/// Waits for what is written to the audit database, by whichever process (inotify(7)).
final class RecordWatch {
    /// -1 where the kernel gives none: then it is looked for at intervals.
    private let descriptor: Int32

    /// How long a session that ended without a word (SIGKILL) seems to go on, at most, in milliseconds.
    private static let interval: Int32 = 2_000
    /// The same without inotify.
    private static let pollingInterval: Int32 = 500
    /// How long more of what is written together may take, in microseconds.
    private static let grouping: UInt32 = 30_000

    /// - Parameter directory: where the database is.
    init(directory: String) {
        let raw = inotify_init1(Int32(IN_NONBLOCK | IN_CLOEXEC))
        let watched = raw >= 0 ? inotify_add_watch(raw, directory, UInt32(IN_MODIFY | IN_CREATE)) : -1
        if raw >= 0, watched < 0 { close(raw) }
        descriptor = watched >= 0 ? raw : -1
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    /// Waits until something may have been written, for 2 s at most.
    ///
    /// - Returns: whether to go on: false once nobody reads standard output any more.
    func wait() -> Bool {
        var watched = [
            pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0),
            // A pipe whose reader is gone tells so without being asked.
            pollfd(fd: STDOUT_FILENO, events: 0, revents: 0),
        ]
        poll(&watched, 2, descriptor < 0 ? Self.pollingInterval : Self.interval)
        guard watched[1].revents & Int16(POLLERR | POLLNVAL) == 0 else { return false }
        if watched[0].revents != 0 { usleep(Self.grouping) }
        var events = [UInt8](repeating: 0, count: 4_096)
        while descriptor >= 0, read(descriptor, &events, events.count) > 0 {}
        return true
    }
}
