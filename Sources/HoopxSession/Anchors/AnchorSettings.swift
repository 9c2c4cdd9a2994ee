import HoopxConfiguration
import HoopxCore
import HoopxLinux
import HoopxTransparency

/// What a verification takes from the configuration: where checkpoints are published, and who vouches for what they get
/// there.
public struct AnchorSettings: Sendable {
    /// Files and directories.
    public private(set) var paths: [String] = []
    /// A PEM file for each authority's URL.
    public private(set) var timestampAuthorities: [String: String] = [:]
    public private(set) var witnessKeys: [LogVerifier] = []
    public let retention: Duration?

    /// - Parameters:
    ///   - configurationPath: the file to use instead of the user's own, or nil.
    ///   - environment: hoopx's own.
    public init(configurationPath: String?, environment: [String: String]) throws(HoopxError) {
        let homes = FileProtection.homes(of: LocalUser.current(), environment: environment)
        let audit = try Configuration.load(
            explicitPath: configurationPath, environment: environment, homeDirectory: homes.first ?? "/"
        ).audit
        retention = audit.retention
        for anchor in audit.anchors {
            switch anchor {
            case .file(let path), .directory(let path): paths.append(path)
            case .timestampAuthority(let url, let authorities): timestampAuthorities[url] = authorities
            case .witness(_, let key): witnessKeys.append(key)
            }
        }
    }
}
