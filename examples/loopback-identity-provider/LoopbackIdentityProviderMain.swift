// An OpenID provider on loopback for demonstrations: the one of the tests.
//
//   loopback-identity-provider [--port N]
//
// It listens on 127.0.0.1 (any free port unless told), prints its issuer URL as one line, and serves until it is
// terminated. It knows the public client `hoopx` and the user `alice`. Whoever is to log in opens its page /device in a
// browser and enters the code there; nothing asks for a password.
import Foundation
import HoopxTestSupport

@main
struct LoopbackIdentityProviderMain {
    static func main() async throws {
        var port: UInt16 = 0
        var arguments = CommandLine.arguments.dropFirst()
        while let option = arguments.popFirst() {
            guard option == "--port", let value = arguments.popFirst().flatMap({ UInt16($0) }) else {
                return refuse("cannot use \(option)")
            }
            port = value
        }

        var settings = ProviderSettings()
        // A demonstration does not wait five seconds between two questions.
        settings.pollInterval = 1
        let provider = try await LoopbackIdentityProvider(port: Int(port), settings: settings)
        print(provider.issuer)
        fflush(nil)
        while true { try await Task.sleep(for: .seconds(3600)) }
    }

    private static func refuse(_ reason: String) {
        let text = """
            loopback-identity-provider: error: \(reason)
            loopback-identity-provider: hint: loopback-identity-provider [--port N]

            """
        FileHandle.standardError.write(Data(text.utf8))
        exit(64)
    }
}
