import HoopxCore
import HoopxLinux

extension Configuration {
    /// The largest configuration that is read, in bytes.
    static let maximumSize = 1 << 20

    /// Finds and reads the configuration: the named file, else `$XDG_CONFIG_HOME/hoopx/config.yaml` where it exists
    /// (`~/.config` where the variable is unset or relative, as the XDG Base Directory Specification has it), else the
    /// built-in one.
    ///
    /// - Parameters:
    ///   - explicitPath: what `--config` says; a file that must exist.
    ///   - environment: hoopx's own.
    ///   - homeDirectory: the user's, for `~/` and the default place.
    /// - Throws: a usage error with the file, the line and the column, and what was expected there.
    public static func load(
        explicitPath: String?, environment: [String: String], homeDirectory: String
    ) throws(HoopxError) -> Configuration {
        let path = explicitPath ?? defaultPath(environment: environment, homeDirectory: homeDirectory)
        guard let text = try read(path, mayBeMissing: explicitPath == nil) else { return .builtIn }
        return try parse(text, path: path, homeDirectory: homeDirectory)
    }

    /// The directory of the user's configuration, whether it is there or not.
    public static func directory(environment: [String: String], homeDirectory: String) -> String {
        let named = environment["XDG_CONFIG_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil }
        return (named ?? homeDirectory + "/.config") + "/hoopx"
    }

    static func defaultPath(environment: [String: String], homeDirectory: String) -> String {
        directory(environment: environment, homeDirectory: homeDirectory) + "/config.yaml"
    }

    /// - Parameter path: where the text comes from; relative paths in it start from its directory.
    static func parse(_ text: String, path: String, homeDirectory: String) throws(HoopxError) -> Configuration {
        let root = try ConfigurationDocument(text: text, path: path).root()
        let paths = FilePaths(configurationPath: path, homeDirectory: homeDirectory)
        let fields = try root.fields([
            "version", "identity", "session", "connections", "egress", "filesystem", "masking", "audit",
        ])
        try readVersion(fields, of: root)
        let connections = try ConnectionsReader(paths: paths).read(fields["connections"])
        return Configuration(
            connections: connections,
            egress: try EgressReader(connections: connections, paths: paths).read(fields["egress"]),
            filesystem: try FilesystemReader(paths: paths).read(fields["filesystem"]),
            audit: try AuditReader(paths: paths).read(fields["audit"]),
            masking: try MaskingReader().read(fields["masking"]),
            identity: try IdentityReader(paths: paths).read(fields["identity"]),
            session: try SessionReader().read(fields["session"]), path: path)
    }

    private static func readVersion(
        _ fields: [String: ConfigurationNode], of root: ConfigurationNode
    ) throws(HoopxError) {
        guard let version = fields["version"] else {
            throw root.error("expected the key version", hint: "begin the file with the line \"version: 1\"")
        }
        guard try version.text() == "1" else { throw version.error("expected version 1, the only one there is") }
    }

    private static func read(_ path: String, mayBeMissing: Bool) throws(HoopxError) -> String? {
        let bytes: [UInt8]
        do throws(RegularFile.Fault) {
            bytes = try RegularFile.read(path, atMost: maximumSize)
        } catch {
            if mayBeMissing, error.isAbsence { return nil }
            throw unreadable(path, error == .tooLong ? "it is larger than 1 MiB" : error.found(limit: maximumSize))
        }
        guard let text = String(validating: bytes, as: UTF8.self) else { throw unreadable(path, "it is not UTF-8") }
        return text
    }

    private static func unreadable(_ path: String, _ found: String) -> HoopxError {
        HoopxError(.usage, doing: "reading the configuration", found: "\(path): \(found)")
    }
}
