import HoopxCore

/// Where a value stands in a configuration file, for what can be judged only by who knows more than the file does.
struct ConfigurationPlace: Hashable, Sendable {
    let path: String
    /// Both count from 1; the column in characters.
    let line: Int
    let column: Int

    func error(_ found: String, hint: String? = nil) -> HoopxError {
        HoopxError(
            .usage, doing: "reading the configuration", found: "\(path):\(line):\(column): \(found)", hint: hint)
    }

    func moved(by columns: Int) -> ConfigurationPlace {
        ConfigurationPlace(path: path, line: line, column: column + columns)
    }
}
