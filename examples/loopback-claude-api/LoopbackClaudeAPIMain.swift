// A Claude API on loopback for demonstrations, with the model of the tests behind it.
//
//   loopback-claude-api --api-key-file FILE [--port N]
//
// It listens on 127.0.0.1 (any free port unless told), prints its URL as one line, takes only requests that bring the
// file's key as x-api-key, and serves until it is terminated. Its model greets; where the tool Bash is offered it runs
// the `[[run: COMMAND]]` of a prompt; it says the text of a `[[say: TEXT]]`.
import Foundation
import HoopxTestSupport

@main
struct LoopbackClaudeAPIMain {
    static func main() async throws {
        var options: [String: String] = [:]
        var arguments = CommandLine.arguments.dropFirst()
        while let option = arguments.popFirst() {
            guard ["--api-key-file", "--port"].contains(option), let value = arguments.popFirst() else {
                return refuse("cannot use \(option)")
            }
            options[option] = value
        }
        guard let keyFile = options["--api-key-file"] else { return refuse("--api-key-file is missing") }
        guard let port = UInt16(options["--port"] ?? "0") else { return refuse("--port is no port number") }

        let key = try String(contentsOfFile: keyFile, encoding: .utf8).trimmingCharacters(in: .newlines)
        let api = try await LoopbackClaudeAPI(port: Int(port), credential: .apiKey(key))
        print(api.url)
        fflush(nil)
        while true { try await Task.sleep(for: .seconds(3600)) }
    }

    private static func refuse(_ reason: String) {
        let text = """
            loopback-claude-api: error: \(reason)
            loopback-claude-api: hint: loopback-claude-api --api-key-file FILE [--port N]

            """
        FileHandle.standardError.write(Data(text.utf8))
        exit(64)
    }
}
