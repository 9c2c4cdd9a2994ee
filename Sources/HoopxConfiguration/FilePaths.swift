import Glibc

/// What paths in a configuration file mean: `~/` is the user's home, and a relative path starts from the file's own
/// directory, so that a configuration can be moved with what it names.
struct FilePaths {
    private let directory: String
    private let homeDirectory: String

    init(configurationPath: String, homeDirectory: String) {
        let slash = configurationPath.lastIndex(of: "/")
        let parent = slash.map { String(configurationPath[..<$0]) } ?? "."
        if configurationPath.hasPrefix("/") {
            directory = parent
        } else {
            directory = Self.workingDirectory + "/" + parent
        }
        self.homeDirectory = homeDirectory
    }

    func absolute(_ path: String) -> String {
        if path.hasPrefix("/") { return path }
        if path == "~" { return homeDirectory }
        if path.hasPrefix("~/") { return homeDirectory + path.dropFirst() }
        return directory + "/" + path
    }

    private static var workingDirectory: String {
        guard let path = getcwd(nil, 0) else { return "." }
        defer { free(path) }
        return String(cString: path)
    }
}
