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
        let bytes: [UInt8]
        do throws(RegularFile.Fault) {
            // And some for line ends.
            bytes = try RegularFile.read(path, atMost: UnverifiedIDToken.maximumLength + 64, check: Self.check)
        } catch {
            throw failure(error.found(limit: UnverifiedIDToken.maximumLength), hint: error.hint)
        }
        guard let token = UnverifiedIDToken(String(decoding: bytes, as: UTF8.self)) else {
            throw failure("it holds no ID token (a JWT)")
        }
        return token
    }

    /// Others may read it, unlike a credential's file: Kubernetes projects tokens as root's, with mode 0644, or 0640 with
    /// the pod's group, into a file system that only the pod sees; the mode says nothing of who can get there. Nobody but
    /// their owner's group may write it: another token, as well signed, would be another identity.
    private static func check(_ status: RegularFile.Status) throws(RegularFile.Fault) {
        guard [0, geteuid()].contains(status.owner) else {
            throw .refused(
                "it belongs to uid \(status.owner), neither to you (uid \(geteuid())) nor to root", hint: nil)
        }
        guard status.mode & 0o002 == 0 else {
            throw .refused(
                "every user may change it (mode \(status.modeText))", hint: "chmod o-w \(status.path)")
        }
    }

    private func failure(_ found: String, hint: String? = nil) -> HoopxError {
        HoopxError(.startup, doing: "getting the ID token from \(name)", found: found, hint: hint)
    }
}
