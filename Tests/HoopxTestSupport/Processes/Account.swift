import Glibc

/// A Unix user that a test runs programs as.
public struct Account: Sendable, Hashable, CustomStringConvertible {
    public let name: String
    public let uid: UInt32
    public let gid: UInt32

    /// The user that runs the tests.
    public static let current = Account(name: getuid() == 0 ? "root" : "user", uid: getuid(), gid: getgid())

    /// A user without privileges: `nobody` where root runs the tests, else the user itself.
    public static let ordinary: Account = {
        guard getuid() == 0 else { return current }
        guard let entry = getpwnam("nobody") else { return Account(name: "nobody", uid: 65534, gid: 65534) }
        return Account(name: "nobody", uid: entry.pointee.pw_uid, gid: entry.pointee.pw_gid)
    }()

    /// Each kind of user that this machine can test: root and an ordinary one, or the ordinary one alone.
    public static let all: [Account] = current == ordinary ? [ordinary] : [current, ordinary]

    public var description: String { name }

    /// The words in front of a command that make it run as this user.
    var prefix: [String] {
        guard uid != getuid() else { return [] }
        return ["/usr/bin/setpriv", "--reuid=\(uid)", "--regid=\(gid)", "--clear-groups", "--"]
    }
}
