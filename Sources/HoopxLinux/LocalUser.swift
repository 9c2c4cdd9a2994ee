import Glibc

/// The Unix user that hoopx runs as.
public struct LocalUser: Hashable, Sendable {
    /// The login name, or the number where the user database knows none (containers).
    public let name: String
    public let uid: UInt32
    /// The home directory of the user database, or nil.
    public let home: String?

    public init(name: String, uid: UInt32, home: String?) {
        self.name = name
        self.uid = uid
        self.home = home
    }

    /// The effective user of this process.
    public static func current() -> LocalUser {
        let uid = geteuid()
        var entry = passwd()
        var found: UnsafeMutablePointer<passwd>?
        var room = [CChar](repeating: 0, count: 16 << 10)
        guard getpwuid_r(uid, &entry, &room, room.count, &found) == 0, found != nil, let name = entry.pw_name else {
            return LocalUser(name: String(uid), uid: uid, home: nil)
        }
        let home = entry.pw_dir.map { String(cString: $0) }
        return LocalUser(name: String(cString: name), uid: uid, home: home?.hasPrefix("/") == true ? home : nil)
    }
}
