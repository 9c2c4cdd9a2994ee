import HoopxConfiguration
import HoopxCore
import HoopxIdentity

extension PrincipalMapping {
    /// What the configuration says of groups and claims.
    ///
    /// - Parameter defaultClaims: what is recorded beside, as `WorkloadPlatform.defaultClaims`.
    /// - Throws: a usage error where a claim's path cannot be one.
    public init(
        _ configuration: IdentityConfiguration, defaultClaims: [String: String] = [:]
    ) throws(HoopxError) {
        var claims: [String: ClaimPath] = [:]
        let named = configuration.claims.merging(defaultClaims) { configured, _ in configured }
        for (name, path) in named { claims[name] = try Self.path(path, of: "claims.\(name)") }
        self.init(
            groupsClaim: try Self.path(configuration.groupsClaim, of: "groups_claim"),
            groupPrefixes: configuration.groupPrefixes.map { (from: $0.prefix, to: $0.replacement) }, claims: claims)
    }

    private static func path(_ text: String, of key: String) throws(HoopxError) -> ClaimPath {
        guard let path = ClaimPath(text) else {
            throw HoopxError(
                .usage, doing: "reading identity.\(key)", found: "it cannot be the path of a claim",
                hint: "such as groups, or realm_access.roles")
        }
        return path
    }
}
