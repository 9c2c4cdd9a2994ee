import HoopxCore

/// Reads the section `session`.
struct SessionReader {
    /// - Parameter node: nil where the file has no such section.
    func read(_ node: ConfigurationNode?) throws(HoopxError) -> SessionConfiguration {
        guard let node, !node.isNull else { return SessionConfiguration() }
        let fields = try node.fields(["max_duration", "idle_timeout"])
        return SessionConfiguration(
            maximumDuration: try fields["max_duration"]?.duration(), idleTimeout: try fields["idle_timeout"]?.duration()
        )
    }
}
