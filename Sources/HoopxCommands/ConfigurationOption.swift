import ArgumentParser

/// The configuration that a verb works by.
struct ConfigurationOption: ParsableArguments {
    @Option(
        name: .customLong("config"),
        help: ArgumentHelp(
            "The configuration to use instead of $XDG_CONFIG_HOME/hoopx/config.yaml.", valueName: "file"),
        completion: .file(extensions: ["yaml", "yml"]))
    var path: String?
}
