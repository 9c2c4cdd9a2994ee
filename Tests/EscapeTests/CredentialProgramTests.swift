import Foundation
import HoopxTestSupport
import Testing

/// What hoopx runs outside of the sandbox, led to a program of the target's (attempts 58, 64).
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

    /// 64: what root installed beside the system, in a place that a target which is root has otherwise.
    @Test func whatACredentialsProgramLoadsCannotBeReplacedByRoot() async throws {
        try await HoopxFixture.run(as: .current) { fixture in
            let server = try await fixture.httpServer { _ in .answer("the answer") }
            let ran = fixture.workDirectory + "/ran"
            let root = ["/usr/bin/unshare"] + (fixture.account.uid == 0 ? [] : ["--user", "--map-root-user"])
            let installed =
                root + [
                    "--mount", "/bin/sh", "-c",
                    """
                    mount -t tmpfs none /usr/local && mkdir /usr/local/bin /usr/local/lib
                    echo 'echo the-token' > /usr/local/lib/token
                    printf '#!/bin/sh\\n. /usr/local/lib/token\\n' > /usr/local/bin/print && chmod +x /usr/local/bin/print
                    exec "$@"
                    """, "sh",
                ]
            let attempt = "echo 'echo another-token; echo > \(ran)' > /usr/local/lib/token && echo replaced\n"
            let control = try await fixture.start(
                program: installed + ["/bin/sh", "-c", attempt + "print"]
            ).finish()
            #expect(control.stdout == "replaced\nanother-token\n", "\(control)")
            #expect(FileManager.default.fileExists(atPath: ran))

            try FileManager.default.removeItem(atPath: ran)
            let ask = #"curl -sS -d x -H "Authorization: Bearer $OWN" https://own.example.com/"#
            let configuration = try fixture.configuration(
                """
                version: 1
                connections:
                  own:
                    type: http
                    hosts: [own.example.com]
                    upstream: http://127.0.0.1:\(server.port)
                    credential: {source: exec, command: [print], header: Authorization, placeholder: OWN}
                """)
            let run = try await fixture.start(
                program: installed + [HoopxFixture.hoopx, "run", "--config", configuration, "--"]
                    + ["/bin/sh", "-c", attempt + ask]
            ).finish()
            #expect(run.stdout == "the answer", "\(run)")
            #expect(!FileManager.default.fileExists(atPath: ran))
        }
    }
}
