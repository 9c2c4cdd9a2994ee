import Foundation
import HoopxTestSupport

/// The real clients that clients.sh installs. One that is missing fails the test that needs it.
enum Clients {
    static func claude() throws -> String {
        try required(installed + "/python/lib/\(pythonLibrary)/site-packages/claude_agent_sdk/_bundled/claude")
    }

    /// The Python that has the Agent SDK, anthropic and pytest.
    static func sdkPython() throws -> String { try required(installed + "/python/bin/python") }

    /// The value of PYTHONPATH under which that Python has the anthropic that sends `X-Api-Key`.
    static func olderAnthropic() throws -> String { try required(installed + "/anthropic-old") }

    /// The Python that has django-oauth-toolkit.
    static func providerPython() throws -> String { try required(installed + "/provider/bin/python") }

    /// The static program, dial.c.
    static func dial() throws -> String { try required(installed + "/dial") }

    /// The library that lets synchronizing fail, failing_sync.c.
    static func failingSync() throws -> String { try required(installed + "/failing-sync.so") }

    /// The library that lets event loops take their time over types, slow_types.c.
    static func slowTypes() throws -> String { try required(installed + "/slow-types.so") }

    /// The static program in Go, fetch.go.
    static func fetch() throws -> String { try required(installed + "/fetch") }

    static func java() throws -> String { try required("/usr/bin/java") }
    static func bubblewrap() throws -> String { try required("/usr/bin/bwrap") }
    static func chromium() throws -> String { try required("/usr/bin/chromium") }
    static func curl() throws -> String { try required("/usr/bin/curl") }
    static func node() throws -> String { try required("/usr/bin/node") }
    static func git() throws -> String { try required("/usr/bin/git") }
    static func python() throws -> String { try required("/usr/bin/python3") }

    /// A program of Tests/EndToEndTests/Clients.
    static func script(_ name: String) throws -> String { try required(sources + "/Clients/" + name) }

    private static let sources = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .path
    private static let installed = sources + "/../../.build/clients"
    private static let pythonLibrary: String = {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: installed + "/python/lib")) ?? []
        return names.first { $0.hasPrefix("python3") } ?? "python3"
    }()

    private static func required(_ path: String) throws -> String {
        guard FileManager.default.isReadableFile(atPath: path) else {
            throw TestSupportError("\(path) is missing: run Tests/EndToEndTests/clients.sh")
        }
        return path
    }
}
