import Crypto
import Glibc
import HoopxCore
import HoopxLinux
import HoopxTransparency

/// The file of the key that a log's checkpoints are signed with: `log-<id>.key` in the state directory, the user's alone.
///
/// It has the log's own name, so that a database that begins anew never signs with the key of the one before it, and an
/// older database that is put back finds its own.
public struct LogKeyFile: Sendable {
    public let path: String
    private let directory: String
    private let origin: String

    private static let originPrefix = "hoopx.local/"
    /// In bytes; a key and its name are shorter.
    private static let maximumSize = 1_024

    /// A name that no other log has: `hoopx.local/` and 128 random bits in hexadecimal. Nothing answers there.
    public static func newOrigin() -> String {
        originPrefix + SymmetricKey(size: .bits128).withUnsafeBytes { Hexadecimal.text($0) }
    }

    /// - Parameters:
    ///   - directory: the state directory.
    ///   - origin: the log's name, as `newOrigin` makes it.
    public init(directory: String, origin: String) {
        self.directory = directory
        self.origin = origin
        path = "\(directory)/log-\(origin.drop { $0 != "/" }.dropFirst()).key"
    }

    /// The key, where there is one.
    public func find() throws(HoopxError) -> LogSigner? {
        let bytes: [UInt8]
        do throws(RegularFile.Fault) {
            bytes = try RegularFile.read(path, followsLink: false, atMost: Self.maximumSize) {
                status throws(RegularFile.Fault) in
                try status.requireOwnerIsUser()
                try status.requireOthersAreKeptOut()
            }
        } catch {
            if error.isAbsence { return nil }
            throw failure(error.found(limit: Self.maximumSize), hint: error.hint)
        }
        let text = Secret(String(decoding: bytes.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self))
        do {
            let signer = try LogSigner(text)
            guard signer.verifier.name == origin else { throw failure("it is the key of \(signer.verifier.name)") }
            return signer
        } catch let error as HoopxError {
            throw error
        } catch {
            throw failure(
                "it holds no signing key", hint: "move it away: hoopx makes a new one and the log says so")
        }
    }

    /// The key, made where there is none. Of several processes that make it at once all get the same.
    public func findOrMake() throws(HoopxError) -> LogSigner {
        if let key = try find() { return key }
        return try make()
    }

    /// Makes a key, or finds that another process was quicker.
    func make() throws(HoopxError) -> LogSigner {
        let key = LogSigner.generate(origin: origin)
        let state = try PrivateDirectory(directory)
        let draft = try PrivateDirectory.makeTemporary(in: state.path, prefix: ".log-key-")
        defer { try? draft.remove() }
        try key.encoded.withValue { text throws(HoopxError) in
            try draft.write(Array((text + "\n").utf8), to: "key", isDurable: true)
        }
        // Whole or not at all, and never in the place of another's.
        if link("\(draft.path)/key", path) == 0 {
            // What it signs must not outlive it.
            try state.synchronize()
            return key
        }
        guard errno == EEXIST, let others = try find() else { throw failure("\(Errno.last)") }
        return others
    }

    private func failure(_ found: String, hint: String? = nil) -> HoopxError {
        HoopxError(.startup, doing: "opening the log's key \(path)", found: found, hint: hint)
    }
}
