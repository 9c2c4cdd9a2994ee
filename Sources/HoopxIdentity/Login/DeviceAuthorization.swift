import HoopxCore
import HoopxOutbound

/// A login that waits for a person to confirm it at the provider (RFC 8628, 3.2).
public struct DeviceAuthorization: Sendable {
    let deviceCode: Secret
    /// What the person types there: at most 64 printable characters.
    public let userCode: String
    /// Where: https, or http on this machine; at most 1,024 characters of visible ASCII.
    public let verificationURI: String
    /// The same with the code in it, where the provider has that.
    public let verificationURIComplete: String?
    /// How long the code is good for, from the answer on; at most an hour.
    public let lifetime: Duration
    /// How long to wait between questions; 1 to 60 s.
    let interval: Duration

    /// The provider's answer to the first request.
    init(_ answer: OAuthClient.Answer) throws(OAuthFailure) {
        let document = try answer.object()
        guard let deviceCode = document.text("device_code"), deviceCode.utf8.count <= Self.longestDeviceCode else {
            throw answer.unusable(where: "a device_code of at most \(Self.longestDeviceCode) bytes is expected")
        }
        guard let userCode = document.text("user_code"), Self.isUserCode(userCode) else {
            throw answer.unusable(where: "a user_code of at most 64 printable characters is expected")
        }
        // Google writes it with "url".
        guard let uri = document.text("verification_uri") ?? document.text("verification_url"), Self.isForPeople(uri)
        else {
            throw answer.unusable(where: "a verification_uri with https (or http on this machine) is expected")
        }
        guard let lifetime = document.seconds("expires_in"), lifetime > 0 else {
            throw answer.unusable(where: "an expires_in of a second or more is expected")
        }
        self.deviceCode = Secret(deviceCode)
        self.userCode = userCode
        verificationURI = uri
        // Only a convenience: the login works without one that must not be shown.
        verificationURIComplete = document.text("verification_uri_complete").flatMap { Self.isForPeople($0) ? $0 : nil }
        self.lifetime = .seconds(min(lifetime, 3_600))
        interval = .seconds(min(max(document.seconds("interval") ?? 5, 1), 60))
    }

    private static let longestDeviceCode = 4_096

    private static func isUserCode(_ text: String) -> Bool {
        text.utf8.count <= 256 && text.unicodeScalars.count <= 64 && text.unicodeScalars.allSatisfy(\.isShowable)
    }

    /// What no URI has (RFC 3986, 2), and what shells that open one for a person would act on.
    private static let foreignCharacters = Array(#""<>\^`{|}"#.utf8)

    /// Whether a person may be sent there. A fragment is allowed, because such pages can be programs in themselves.
    private static func isForPeople(_ uri: String) -> Bool {
        guard uri.utf8.count <= 1_024,
            uri.utf8.allSatisfy({ (0x21...0x7e).contains($0) && !foreignCharacters.contains($0) }),
            let url = ControlURL(String(uri.prefix { $0 != "#" }))
        else { return false }
        return url.isTLS || url.destination.host.isThisMachine
    }
}
