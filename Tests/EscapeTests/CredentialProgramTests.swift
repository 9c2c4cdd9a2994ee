import Foundation
import HoopxTestSupport
import Testing

/// What hoopx runs outside of the sandbox, led to a program of the target's (attempt 58).
@Suite struct CredentialProgramTests {
    /// A script whose interpreter is a link to the system's, as those of a virtual environment are.
    private static let attempt = """
        printf '#!/bin/sh\\necho ran > %s/ran\\necho another-token\\n' "$PWD" > evil && chmod +x evil
        ln -sfn "$PWD/evil" ~/tools/python 2>/dev/null && echo replaced

        """

    @Test(arguments: Account.all)
    func theInterpreterOfACredentialsProgramCannotBeReplaced(account: Account) async throws {
        try await HoopxFixture.run(as: account) { fixture in
            let server = try await fixture.httpServer { _ in .answer("the answer") }
            let home = fixture.directory.path + "/home"
            try fixture.directory.directory("home/tools")
            let script = try fixture.directory.file(
                "home/print", "#!\(home)/tools/python\nprint('the-token')\n", mode: 0o755)
            let link = {
                try FileManager.default.createSymbolicLink(
                    atPath: home + "/tools/python", withDestinationPath: Programs.python)
            }
            try link()
            let ran = fixture.workDirectory + "/ran"

            let control = try await fixture.start(program: ["/bin/sh", "-c", Self.attempt + script]).finish()
            #expect(control.stdout == "replaced\nanother-token\n", "\(control)")
            #expect(FileManager.default.fileExists(atPath: ran))

            try FileManager.default.removeItem(atPath: ran)
            try FileManager.default.removeItem(atPath: home + "/tools/python")
            try link()
            let ask = #"curl -sS -d x -H "Authorization: Bearer $OWN" https://own.example.com/"#
            let run = try await fixture.run(
                ["/bin/sh", "-c", Self.attempt + ask],
                configuration: fixture.configuration(
                    """
                    version: 1
                    connections:
                      own:
                        type: http
                        hosts: [own.example.com]
                        upstream: http://127.0.0.1:\(server.port)
                        credential: {source: exec, command: [\(script)], header: Authorization, placeholder: OWN}
                    """))
            #expect(run.stdout == "the answer", "\(run)")
            #expect(!FileManager.default.fileExists(atPath: ran))
        }
    }
}
