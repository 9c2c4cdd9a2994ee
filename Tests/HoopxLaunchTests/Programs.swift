import Glibc

/// The built C programs, which lie beside the test program.
enum Programs {
    static let launch = path("hoopx-launch")
    static let netns = path("hoopx-netns")

    private static func path(_ name: String) -> String {
        // SwiftPM's runner is the products' neighbour, and names itself in full.
        let own = CommandLine.arguments.first { $0.contains(".xctest") } ?? CommandLine.arguments[0]
        return own.prefix(upTo: own.lastIndex(of: "/") ?? own.startIndex) + "/" + name
    }
}
