import CHoopxLinux
import Glibc
import HoopxLinux

/// What the configuration opens of this machine: servers outside of the run that the target may reach, and servers of
/// the target that others may reach; and which servers it may not have.
public struct LocalRules: Sendable {
    /// Ports of the loopback addresses, whoever listens there.
    let loopbackPorts: Set<UInt16>
    /// Ports at which the target's servers are not bound to the loopback interface.
    let listenPorts: Set<UInt16>
    /// Ports at which no server of the target may be, whatever its address: hoopx itself sends credentials to a service
    /// of this machine there, and the target could stand in for one that is down, or that listens at
    /// 127.0.0.1 only where `localhost` is ::1 first.
    let keptPorts: Set<UInt16>
    private let sockets: [PinnedSocket]

    public static let none = LocalRules(loopbackPorts: [], listenPorts: [], unixSockets: [])

    /// - Parameter unixSockets: paths of socket files. Each is pinned now: a file that comes in its place later, by
    ///   rename or by symbolic link, is another one. One that is not there is passed over.
    public init(
        loopbackPorts: Set<UInt16>, listenPorts: Set<UInt16>, unixSockets: [String], keptPorts: Set<UInt16> = []
    ) {
        self.keptPorts = keptPorts
        self.loopbackPorts = loopbackPorts
        self.listenPorts = listenPorts
        sockets = unixSockets.compactMap { PinnedSocket($0) }
    }

    /// The path by which an open file is named here, whatever the target calls it; nil where it is none of the named
    /// sockets.
    func path(of file: borrowing OwnedDescriptor) -> String? {
        guard !sockets.isEmpty, let identity = PinnedSocket.identity(of: file.raw) else { return nil }
        return sockets.first { $0.identity == identity }?.path
    }

    private final class PinnedSocket: Sendable {
        struct Identity: Hashable {
            let device: dev_t
            let inode: ino_t
        }

        let path: String
        /// Held open, so that its inode's number is not given to another file.
        private let file: OwnedDescriptor
        let identity: Identity

        init?(_ path: String) {
            let raw = open(path, Int32(HOOPX_O_PATH) | O_CLOEXEC)
            guard raw >= 0 else { return nil }
            file = OwnedDescriptor(raw)
            guard let identity = Self.identity(of: raw) else { return nil }
            self.path = path
            self.identity = identity
        }

        static func identity(of descriptor: Int32) -> Identity? {
            var status = stat()
            guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFSOCK else { return nil }
            return Identity(device: status.st_dev, inode: status.st_ino)
        }
    }
}
