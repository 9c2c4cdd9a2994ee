import ArgumentParser
import HoopxConfiguration

/// `--identity` takes the configuration's words.
extension IdentityConfiguration.Provider: ExpressibleByArgument {}
