import HoopxConfiguration
import HoopxCore
import HoopxIdentity
import HoopxLinux
import HoopxOutbound

/// What `hoopx login`, `hoopx logout` and `hoopx whoami` work with, from the configuration and their options.
public struct IdentityContext: Sendable {
    public let configuration: IdentityConfiguration
    let environment: [String: String]

    /// - Parameters:
    ///   - configurationPath: the file to use instead of the user's own, or nil.
    ///   - issuer: in place of the configuration's.
    ///   - clientID: in place of the configuration's.
    ///   - environment: hoopx's own.
    public init(
        configurationPath: String?, issuer: String?, clientID: String?, environment: [String: String]
    ) throws(HoopxError) {
        let homes = FileProtection.homes(of: LocalUser.current(), environment: environment)
        configuration = try Configuration.load(
            explicitPath: configurationPath, environment: environment, homeDirectory: homes.first ?? "/"
        ).identity.replacing(issuer: issuer, clientID: clientID)
        self.environment = environment
    }

    /// The person's identity, whether they have logged in or not.
    public func user() throws(HoopxError) -> UserIdentity {
        try UserIdentity(configuration, control: try control, cache: try configuration.tokenCache(environment))
    }

    /// The same at another issuer, or as another client.
    func user(of key: CacheKey, cache: any TokenCache) throws(HoopxError) -> UserIdentity {
        try UserIdentity(
            configuration.replacing(issuer: key.issuer, clientID: key.clientID), control: try control, cache: cache)
    }

    private var control: ControlClient {
        get throws(HoopxError) {
            ControlClient(
                trust: UpstreamTrust(environment: environment), proxies: try ProxyEnvironment(environment))
        }
    }

    /// Whom a session would act for now.
    public enum Current: Sendable {
        case somebody(Principal)
        case loginNeeded(issuer: String, reason: String)
    }

    /// Finds out whom a session would act for, without a person's help.
    public func current() async throws(HoopxError) -> Current {
        let resolution = IdentityResolution(
            configuration, environment: environment, control: try control, localUser: LocalUser.current())
        switch try await resolution.resolve() {
        case .established(let identity): return .somebody(identity.principal)
        case .loginNeeded(let user, let reason): return .loginNeeded(issuer: user.issuer, reason: reason)
        }
    }

    /// Whether a login is kept between runs at all.
    public var keepsLogins: Bool { configuration.cache != .memory }
}

extension IdentityConfiguration {
    /// Where logins are kept.
    func tokenCache(_ environment: [String: String]) throws(HoopxError) -> any TokenCache {
        try SealedFileCache.keeping(cache, environment: environment) ?? MemoryCache()
    }
}

extension SealedFileCache {
    /// - Returns: nil where logins are kept in memory alone.
    static func keeping(
        _ place: IdentityConfiguration.Cache, environment: [String: String]
    ) throws(HoopxError) -> SealedFileCache? {
        let directory = try StateDirectory.path(in: environment) + "/identity"
        switch place {
        case .sealedFile: return try SealedFileCache(directory: directory)
        case .secretService:
            return try SealedFileCache.withSecretService(directory: directory, environment: environment)
        case .memory: return nil
        }
    }
}
