import Foundation
import HoopxTestSupport
import Testing

/// Requests that mean one thing to hoopx and another to the upstream (attempts 43-46, 50, 52, 54). The witness is an
/// upstream that believes everything.
@Suite struct ProxyRequestTests {
    @Test(arguments: ["smuggling", "elsewhere", "credentials"])
    func theUpstreamNeverSeesWhatHoopxHasNotRead(family: String) async throws {
        try await HoopxFixture.run { fixture in
            let recorder = try await Recorder(fixture)
            let program = try [Programs.python, Programs.source("requests.py"), family]
            let control = try await fixture.start(program: program + [recorder.url]).finish()
            let attempts = control.stdout.split(separator: "\n").count - 1
            #expect(control.stdout == String(repeating: "200\n", count: attempts) + "tried\n", "\(control)")
            let seen = recorder.received
            #expect(
                seen.split(separator: "\n").filter { $0.contains("smuggled") || $0.contains("evil") }.count >= attempts
                    - 1)

            let run = try await fixture.run(program, configuration: fixture.configuration(recorder.configuration))
            #expect(run.stdout.hasSuffix("tried\n"), "\(run)")
            #expect(run.stdout.split(separator: "\n").count == attempts + 1, "each was answered: \(run)")
            let more = recorder.received.dropFirst(seen.count)
            #expect(!more.contains("smuggled") && !more.contains("evil"), "\(more)")
            // The honest part of what is pipelined, and what came with a cookie, which is dropped.
            let honest = ["smuggling": 0, "elsewhere": 2, "credentials": 1]
            #expect(more.split(separator: "\n").count == honest[family], "\(more)")
        }
    }

    /// 50: the placeholder opens nothing to others, during the run and after it.
    @Test func thePlaceholderIsWorthNothingOutsideTheTree() async throws {
        try await HoopxFixture.run { fixture in
            let api = try await fixture.claudeAPI()
            let ask = #"curl -sS -m 9 -o /dev/null -w '%{http_code}\n' -H "x-api-key: $1" "$2/v1/models""#
            let inside = "set -- $ANTHROPIC_API_KEY $ANTHROPIC_BASE_URL; echo $1 $2; \(ask); read line; true"
            let hoopx = try fixture.start([
                "run", "--config", fixture.configuration(for: api, entry: "base_url"), "--", "/bin/sh", "-c", inside,
            ])
            try await hoopx.waitForStdout("200\n")
            #expect(api.requests.count == 1, "the control: it works inside")
            let words = hoopx.stdout.split(separator: "\n")[0].split(separator: " ").map(String.init)
            for (url, expected) in [(words[1], Exit.status(7)), (api.url, .status(0))] {
                let outside = try await fixture.start(
                    program: ["/bin/sh", "-c", ask.replacing("curl", with: "curl -k"), "sh", words[0], url]
                ).finish()
                #expect(outside.exit == expected, "\(outside)")
                #expect(!outside.stdout.contains("200"), "\(outside)")
            }
            #expect(api.requests.count == 2, "hoopx's port was closed, and the upstream itself does not know it")
            #expect(try await hoopx.finish().exit == .status(0))
            let afterwards = try await fixture.start(program: ["/bin/sh", "-c", ask, "sh", words[0], words[1]]).finish()
            #expect(afterwards.exit == .status(7), "\(afterwards)")
        }
    }

    /// 52: endless heads, slow heads, chunk extensions without end, connections that nobody wants.
    @Test func nobodyIsKeptOutByAFlood() async throws {
        try await HoopxFixture.run { fixture in
            let recorder = try await Recorder(fixture)
            let hoopx = try fixture.start([
                "run", "--config", fixture.configuration(recorder.configuration), "--", "/bin/sh", "-c",
                "\(Programs.python) \(Programs.source("flood.py")); read line; true",
            ])
            try await hoopx.waitForStdout("status")
            let status = try String(contentsOfFile: "/proc/\(hoopx.pid)/status", encoding: .utf8)
            let peak = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }?.split(separator: " ").dropFirst()
                .first
            #expect(try #require(peak.flatMap { Int($0) }) < 256 << 10, "KiB at the most")
            let run = try await hoopx.finish()
            #expect(
                run.stdout == "header True\none header True\nrequest line True\ntrailers True\nstatus 200 True\n",
                "\(run)")
        }
    }

    /// 54: sixty connects of the target that never end (it hears no answer, wants signed ones, or nobody accepts).
    @Test func aConnectThatHangsHoldsNoOtherUp() async throws {
        try await HoopxFixture.run { fixture in
            let recorder = try await Recorder(fixture)
            let program = try [Programs.python, Programs.source("hang.py")]
            let control = try await fixture.start(program: program + [recorder.url]).finish()
            #expect(control.stdout == "answered True\n", "nothing refuses the options: \(control)")
            let run = try await fixture.run(program, configuration: fixture.configuration(recorder.configuration))
            let lines = run.stdout.split(separator: "\n")
            #expect(lines.last == "answered True", "\(run)")
            #expect(lines.filter { $0 == "Operation not permitted" }.count == 20, "TCP_MD5SIG: \(run)")
        }
    }
}
