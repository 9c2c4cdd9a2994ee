import ArgumentParser
import HoopxCore
import HoopxLinux
import HoopxSession

/// The options that say which identity provider, and as which client.
struct IssuerOptions: ParsableArguments {
    @OptionGroup var configuration: ConfigurationOption

    @Option(
        help: ArgumentHelp("The identity provider, instead of the configuration's identity.issuer.", valueName: "url"))
    var issuer: String?

    @Option(
        name: .customLong("client-id"),
        help: ArgumentHelp("hoopx's name there, instead of the configuration's identity.client_id.", valueName: "id"))
    var clientID: String?

    func validate() throws {
        guard issuer == nil || clientID != nil else {
            throw ValidationError("--issuer needs --client-id beside it: another provider knows hoopx by another name")
        }
    }

    /// Reads the configuration. hoopx's own process holds tokens from now on, and is closed to others first.
    func context() throws(HoopxError) -> IdentityContext {
        do throws(Errno) {
            try ProcessDumpability.forbid()
        } catch {
            throw HoopxError(.startup, doing: "preparing hoopx's own process", found: "\(error)")
        }
        return try IdentityContext(
            configurationPath: configuration.path, issuer: issuer, clientID: clientID,
            environment: OwnEnvironment.variables)
    }
}
