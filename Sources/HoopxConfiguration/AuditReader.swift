import HoopxCore

/// Reads the section `audit`.
struct AuditReader {
    /// YAML's own words for truth values too.
    private enum Switch: String, CaseIterable {
        case on, off, `true`, `false`

        var isOn: Bool { self == .on || self == .true }
    }

    /// - Parameter node: nil where the file has no such section.
    func read(_ node: ConfigurationNode?) throws(HoopxError) -> AuditConfiguration {
        guard let node, !node.isNull else { return AuditConfiguration() }
        let fields = try node.fields(["exec"])
        return AuditConfiguration(recordsExecutions: try fields["exec"]?.choice(of: Switch.self).isOn ?? true)
    }
}
