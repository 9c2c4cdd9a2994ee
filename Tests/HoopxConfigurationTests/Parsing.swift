import HoopxCore

@testable import HoopxConfiguration

/// Reads a configuration as if it stood in /etc/test/c.yaml.
func parse(_ text: String) throws(HoopxError) -> Configuration {
    try Configuration.parse(text, path: "/etc/test/c.yaml", homeDirectory: "/home/ada")
}

/// The error that a configuration is refused with, without the file's path in front.
func refused(_ text: String) -> (found: String, hint: String?)? {
    do throws(HoopxError) {
        _ = try parse(text)
        return nil
    } catch {
        let path = "/etc/test/c.yaml:"
        guard error.kind == .usage, error.found.hasPrefix(path) else { return nil }
        return (String(error.found.dropFirst(path.utf8.count)), error.hint)
    }
}
