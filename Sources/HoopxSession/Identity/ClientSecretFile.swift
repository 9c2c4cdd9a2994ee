import HoopxCore
import HoopxLinux

/// The file that `identity.client_secret_file` names.
enum ClientSecretFile {
    /// In bytes.
    private static let maximumLength = 4_096

    /// - Parameter path: of a regular file; blanks and line ends around the secret do not count.
    static func read(_ path: String) throws(HoopxError) -> Secret {
        let bytes: [UInt8]
        do throws(RegularFile.Fault) {
            bytes = try RegularFile.read(path, atMost: maximumLength) { status throws(RegularFile.Fault) in
                try status.requireOthersAreKeptOut()
            }
        } catch {
            throw failure(path, error.found(limit: maximumLength), hint: error.hint)
        }
        let isBlank: (UInt8) -> Bool = { $0 == 0x20 || (0x09...0x0d).contains($0) }
        var secret = bytes.drop(while: isBlank)
        while let last = secret.last, isBlank(last) { secret.removeLast() }
        guard !secret.isEmpty else { throw failure(path, "it is empty") }
        // RFC 6749, A.2.
        guard secret.allSatisfy({ (0x20...0x7e).contains($0) }) else {
            throw failure(path, "it holds characters that no client secret has")
        }
        return Secret(String(decoding: secret, as: UTF8.self))
    }

    private static func failure(_ path: String, _ found: String, hint: String? = nil) -> HoopxError {
        HoopxError(.usage, doing: "reading the client secret in \(path)", found: found, hint: hint)
    }
}
