import NIOSSL

/// Why TLS with a server failed, in words for the user.
public struct TLSFault: Hashable, Sendable {
    /// Whether the certificate is at fault; else nothing is said of it.
    public let isDistrust: Bool
    /// `certificate verify failed`, `wrong version number`
    public let found: String

    /// - Returns: nil for an error that is none of TLS.
    public init?(_ error: any Error) {
        switch error {
        case NIOSSLError.handshakeFailed(.sslError(let stack)):
            found = stack.map { Self.reason($0.description) }.joined(separator: ", ")
            isDistrust = stack.contains { $0.description.contains("CERTIFICATE_VERIFY_FAILED") }
        case NIOSSLError.uncleanShutdown:
            found = "the connection broke off"
            isDistrust = false
        // That there is no certificate is one of these.
        case let error as NIOSSLError:
            found = "\(error)"
            isDistrust = true
        case let error as NIOSSLExtraError:
            found = error == .failedToValidateHostname ? "it names other hosts" : error.description
            isDistrust = true
        default: return nil
        }
    }

    /// Of `Error: CODE error:CODE:SSL routines:OPENSSL_internal:WRONG_VERSION_NUMBER at FILE:LINE` what tells a user
    /// something.
    private static func reason(_ text: String) -> String {
        // OpenSSL's names are in capital letters, and nothing else there is.
        let name = text.split { $0 == ":" || $0 == " " }.first { $0.contains("_") && $0 == $0.uppercased() }
        return name?.lowercased().replacing("_", with: " ") ?? text
    }
}
