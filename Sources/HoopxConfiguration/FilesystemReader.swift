import HoopxCore

/// Reads the section `filesystem`.
struct FilesystemReader {
    let paths: FilePaths

    private enum Nested: String, CaseIterable {
        case allow, deny
    }

    /// - Parameter node: nil where the file has no such section.
    func read(_ node: ConfigurationNode?) throws(HoopxError) -> FilesystemConfiguration {
        guard let node, !node.isNull else { return FilesystemConfiguration() }
        let fields = try node.fields(["deny", "allow", "write", "nested"])
        return FilesystemConfiguration(
            denied: try list(fields["deny"]), allowed: try list(fields["allow"]), write: try write(fields["write"]),
            allowsNested: try fields["nested"]?.choice(of: Nested.self) == .allow)
    }

    private func list(_ node: ConfigurationNode?) throws(HoopxError) -> [String] {
        guard let node, !node.isNull else { return [] }
        var files: [String] = []
        for item in try node.items() { files.append(try path(item)) }
        return files
    }

    private func write(_ node: ConfigurationNode?) throws(HoopxError) -> [FilesystemConfiguration.Writable]? {
        guard let node, !node.isNull else { return nil }
        var writable: [FilesystemConfiguration.Writable] = []
        for item in try node.items() {
            writable.append(try item.text() == "workspace" ? .workspace : .tree(try path(item)))
        }
        return writable
    }

    /// A path that does not depend on where the file lies: a bare word would be a file beside the configuration, which
    /// nobody means.
    private func path(_ item: ConfigurationNode) throws(HoopxError) -> String {
        let text = try item.text()
        guard
            text == "~" || text.hasPrefix("~/") || text.hasPrefix("/") || text.hasPrefix("./") || text.hasPrefix("../")
        else {
            throw item.error(
                "expected a path in \(item.key), not \(text)",
                hint: "such as /srv/data, ~/notes, or ./data for one beside the configuration")
        }
        return paths.absolute(text)
    }
}
