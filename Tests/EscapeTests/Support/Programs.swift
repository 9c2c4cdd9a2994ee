import Foundation
import HoopxTestSupport

/// The programs of the attempts. One that is missing fails the test that needs it.
enum Programs {
    static let python = "/usr/bin/python3"

    /// A file of Tests/EscapeTests/Programs.
    static func source(_ name: String) throws -> String { try required(directory + "/Programs/" + name) }

    /// A C program of that directory, as programs.sh built it.
    static func built(_ name: String) throws -> String { try required(directory + "/../../.build/clients/" + name) }

    /// What puts a command behind a filter such as a container's (EndToEndTests).
    static var container: [String] {
        get throws { [python, try required(directory + "/../EndToEndTests/Clients/refuse_getfd.py")] }
    }

    private static let directory = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().path

    private static func required(_ path: String) throws -> String {
        guard FileManager.default.isReadableFile(atPath: path) else {
            throw TestSupportError("\(path) is missing: run Tests/EscapeTests/Programs/programs.sh")
        }
        return path
    }
}
