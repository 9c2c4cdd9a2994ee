import CHoopxLinux
import Glibc

/// A key in the kernel's user keyring (user-keyring(7)): some bytes in the kernel's memory that every process of the user
/// can read until the machine is switched off. A target cannot: its filter has no keyctl(2).
public struct UserKey: Hashable, Sendable {
    /// In bytes.
    public static let maximumLength = 256

    let serial: Int32

    /// - Throws: EPERM or ENOSYS where keyrings cannot be used here (containers).
    /// - Returns: nil where there is none with this description, or none any more.
    public static func find(_ description: String) throws(Errno) -> UserKey? {
        do throws(Errno) {
            return UserKey(serial: try Errno.check(hoopx_user_key_find(description)))
        } catch  where gone.contains(error.code) {
            return nil
        }
    }

    /// Finds a key, or makes one; callers at one time, in whichever process, get the same.
    ///
    /// - Parameter payload: a new key's bytes, at most `maximumLength`.
    /// - Throws: as `find`, and EDQUOT where the user has too many keys.
    public static func findOrMake(_ description: String, payload: [UInt8]) throws(Errno) -> UserKey {
        var replaces = false
        while true {
            if let key = try find(description) { return key }
            do throws(Errno) {
                let made = hoopx_user_key_make(description, payload, payload.count, replaces)
                return UserKey(serial: try Errno.check(made))
            } catch  where error.code == EEXIST {
                // Another was quicker, or what is there is an expired or revoked one, which is in the way for minutes.
                replaces = try find(description) == nil
            }
        }
    }

    /// - Returns: nil where the key is gone by now.
    public func payload() throws(Errno) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: Self.maximumLength)
        do throws(Errno) {
            let count = try Errno.check(hoopx_user_key_read(serial, &bytes, bytes.count))
            guard count <= bytes.count else { throw Errno(EMSGSIZE) }
            return Array(bytes[..<count])
        } catch  where Self.gone.contains(error.code) {
            return nil
        }
    }

    /// Takes it out of the keyring, which ends it. One that is gone already is no error.
    public func remove() throws(Errno) {
        do throws(Errno) {
            try Errno.check(hoopx_user_key_remove(serial))
        } catch  where Self.gone.contains(error.code) || error.code == ENOENT {
        }
    }

    private static let gone: Set<Int32> = [ENOKEY, EKEYEXPIRED, EKEYREVOKED]
}
