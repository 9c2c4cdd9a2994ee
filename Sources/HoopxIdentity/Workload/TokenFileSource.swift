import Glibc
import HoopxCore
import HoopxLinux

/// An ID token in a file that others keep fresh: a Kubernetes projected service account token, a JWT-SVID that SPIFFE's
/// helper writes. It is read anew for each token.
public struct TokenFileSource: WorkloadTokenSource {
    public let method = Principal.Verification.Method.tokenFile
    public let name: String
    /// A cluster's issuer is its own affair.
    public let defaultIssuer: String? = nil
    public let secretVariables: [String] = []
    public let choosesAudience = false
    private let path: String

    /// - Parameter path: absolute. Symbolic links are followed, and what they lead to is checked: Kubernetes replaces all
    ///   files of a volume at once by pointing the link `..data` somewhere else.
    public init(path: String) {
        self.path = path
        name = "the file \(path)"
    }

    /// In a volume of Kubernetes the whole directory, as the token moves to another file with each rotation.
    public var secretFiles: [String] {
        let directory = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? ""
        if !directory.isEmpty, access(directory + "/..data", F_OK) == 0 { return [directory] }
        guard let resolved = realpath(path, nil) else { return [path] }
        defer { free(resolved) }
        let real = String(cString: resolved)
        return real == path ? [path] : [path, real]
    }

    public func token(audience: String?) throws(HoopxError) -> UnverifiedIDToken {
        // O_NONBLOCK: opening a FIFO must not hang.
        let raw = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK)
        guard raw >= 0 else { throw failure("\(Errno.last)") }
        let file = OwnedDescriptor(raw)
        var status = stat()
        guard fstat(file.raw, &status) == 0 else { throw failure("\(Errno.last)") }
        try check(status)
        guard let token = UnverifiedIDToken(String(decoding: try contents(of: file), as: UTF8.self)) else {
            throw failure("it holds no ID token (a JWT)")
        }
        return token
    }

    /// Others may read it, unlike a credential's file: Kubernetes projects tokens as root's, with mode 0644, or 0640 with
    /// the pod's group, into a file system that only the pod sees; the mode says nothing of who can get there. Nobody but
    /// their owner's group may write it: another token, as well signed, would be another identity.
    private func check(_ status: stat) throws(HoopxError) {
        guard status.st_mode & S_IFMT == S_IFREG else { throw failure("it is not a regular file") }
        guard [0, geteuid()].contains(status.st_uid) else {
            throw failure("it belongs to uid \(status.st_uid), neither to you (uid \(geteuid())) nor to root")
        }
        guard status.st_mode & 0o002 == 0 else {
            throw failure(
                "every user may change it (mode \(String(status.st_mode & 0o7777, radix: 8)))",
                hint: "chmod o-w \(path)")
        }
    }

    /// At most what a token has, and some for line ends.
    private func contents(of file: borrowing OwnedDescriptor) throws(HoopxError) -> [UInt8] {
        let limit = UnverifiedIDToken.maximumLength + 64
        var bytes: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 4_096)
        while bytes.count <= limit {
            let count = read(file.raw, &part, part.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw failure("\(Errno.last)") }
            if count == 0 { return bytes }
            bytes += part[..<count]
        }
        throw failure("it is longer than \(UnverifiedIDToken.maximumLength) bytes")
    }

    private func failure(_ found: String, hint: String? = nil) -> HoopxError {
        HoopxError(.startup, doing: "getting the ID token from \(name)", found: found, hint: hint)
    }
}
