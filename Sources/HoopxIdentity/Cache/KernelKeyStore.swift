import Glibc
import HoopxCore
import HoopxLinux

/// The sealing key in the kernel's user keyring.
///
/// It has no timeout: what it protects expires by the issuer's word, and a key that is gone early only means one login
/// more. It goes with the machine's memory at the latest.
struct KernelKeyStore: SealingKeyStore {
    static let keyDescription = "hoopx:token-cache"

    let fileSuffix = "sealed"
    let lossExplanation =
        "its key was in the kernel's memory and is gone since the last boot, or it is another machine's or user's"
    private let description: String

    init(description: String = keyDescription) { self.description = description }

    func find() throws(HoopxError) -> SealingKey? {
        do throws(Errno) {
            guard let payload = try UserKey.find(description)?.payload() else { return nil }
            return try key(payload)
        } catch {
            throw failure(error)
        }
    }

    func findOrMake() throws(HoopxError) -> SealingKey {
        do throws(Errno) {
            while true {
                let found = try UserKey.findOrMake(description, payload: SealingKey.randomBytes())
                // One that is removed between the two calls is made anew.
                if let payload = try found.payload() { return try key(payload) }
            }
        } catch {
            throw failure(error)
        }
    }

    private func key(_ payload: [UInt8]) throws(Errno) -> SealingKey {
        guard let key = SealingKey(payload) else { throw Errno(EMSGSIZE) }
        return key
    }

    private func failure(_ reason: Errno) -> HoopxError {
        let doing = "using the key \(description) of the kernel's user keyring"
        return switch reason.code {
        case EPERM, ENOSYS:
            HoopxError(
                .startup, doing: doing, found: "keyrings cannot be used here, as in many containers: \(reason)",
                hint: "set identity.cache to memory, or to secret_service where there is a desktop session")
        case EMSGSIZE:
            HoopxError(
                .startup, doing: doing, found: "it is not a key of hoopx's",
                hint: "remove it with: keyctl purge user \(description)")
        case EDQUOT:
            HoopxError(
                .startup, doing: doing, found: "\(reason)",
                hint: "remove keys that nobody needs (keyctl show @u), or set identity.cache to memory")
        default: HoopxError(.startup, doing: doing, found: "\(reason)")
        }
    }
}
