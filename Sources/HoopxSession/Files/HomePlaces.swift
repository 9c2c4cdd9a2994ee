import Glibc
import HoopxLinux
import HoopxSandbox

/// Directories that tools make in a home when they first run there. The file rules close the home itself, so that those
/// that are missing are made before a run, and removed after it where nobody used them.
struct HomePlaces {
    static let names = [
        ".cache", ".claude", ".npm", ".yarn", ".pnpm-store", ".bun", ".cargo", ".rustup", ".gradle", ".m2", ".nuget",
        ".ipython", ".jupyter", ".local", ".local/bin", ".local/lib", ".local/share", "go",
        configurations, ".config/chromium-headless", ".config/google-chrome-headless",
    ]

    /// Start-up files are protected below it that need not be there: it is made only where the rules will close it.
    private static let configurations = ".config"

    private let made: [String]

    /// Makes what is missing in a home that the rules close.
    ///
    /// - Parameter rules: the run's; a place that they would not leave to the target is not made.
    init(in home: String, rules: FileRules) {
        let home = RealPath.resolve(home)
        guard rules.protectedTree(below: home) != nil else {
            made = []
            return
        }
        // A directory comes before what is in it.
        made = Self.names.map { home + "/" + $0 }.filter { path in
            guard path != home + "/" + Self.configurations || rules.protectedTree(below: path) != nil else {
                return false
            }
            return rules.access(to: path) == .full && mkdir(path, 0o700) == 0
        }
    }

    /// Removes those that are empty.
    func removeUnused() {
        for path in made.reversed() { rmdir(path) }
    }
}
