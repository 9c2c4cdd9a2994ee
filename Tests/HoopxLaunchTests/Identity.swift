import Glibc

/// Whom a launch is tried as. A run of the tests as root tries root and an ordinary user.
enum Identity: CaseIterable, Sendable {
    case current
    case ordinary

    static var available: [Identity] { geteuid() == 0 ? [.current, .ordinary] : [.current] }

    /// What a command line begins with to run as this user: `setpriv` of util-linux.
    var prefix: [String] {
        switch self {
        case .current: []
        case .ordinary: ["/usr/bin/setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups"]
        }
    }
}
