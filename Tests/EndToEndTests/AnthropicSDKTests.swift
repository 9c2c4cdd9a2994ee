import HoopxTestSupport
import Testing

/// The anthropic package under `hoopx run`: the current one sends `Authorization`, the older one `X-Api-Key`.
@Suite struct AnthropicSDKTests {
    @Test(arguments: ["intercept", "base_url"])
    func bothModesOfBothVersionsGetTheirAnswer(entry: String) async throws {
        try await HoopxFixture.run { fixture in
            let api = try await fixture.claudeAPI()
            let configuration = try fixture.configuration(for: api, entry: entry)
            for path in [nil, try Clients.olderAnthropic()] {
                let whole = try await Self.call("whole", fixture, configuration, pythonPath: path)
                #expect(whole.stdout == "Hello from the loopback Claude API.\n", "\(whole)")
                let stream = try await Self.call("stream", fixture, configuration, pythonPath: path)
                let expected = "'Hello'\n' from'\n' the'\n' loopback'\n' Claude'\n' API.'\nstop: end_turn\n"
                #expect(stream.stdout == expected, "\(stream)")
            }
            #expect(api.messageRequests.count == 4)
            #expect(api.messageRequests.allSatisfy { $0.headers["x-api-key"] == [fixture.apiKey] })
            #expect(api.messageRequests.allSatisfy { $0.headers["authorization"].isEmpty })
        }
    }

    @Test func aStreamedToolUseArrivesWhole() async throws {
        try await HoopxFixture.run { fixture in
            let api = try await fixture.claudeAPI()
            let run = try await Self.call("tool", fixture, fixture.configuration(for: api))
            let input = "{'command': 'echo it works', 'description': 'Run what was asked for'}"
            #expect(run.stdout == "tool_use Bash \(input)\n", "\(run)")
        }
    }

    @Test func countTokensModelsBatchesAndFilesWork() async throws {
        try await HoopxFixture.run { fixture in
            let api = try await fixture.claudeAPI()
            let run = try await Self.call("rest", fixture, fixture.configuration(for: api))
            #expect(
                run.stdout == "tokens: 12\nmodel: claude-loopback-1\nbatch: ended\nfile: file\ncontent: 4096\n",
                "\(run)")
        }
    }

    @Test func anAPIErrorReachesTheClientAsItIs() async throws {
        try await HoopxFixture.run { fixture in
            let api = try await fixture.claudeAPI { _ in
                .error(status: 529, type: "overloaded_error", message: "Overloaded", retryAfter: 7)
            }
            let run = try await Self.call("error", fixture, fixture.configuration(for: api))
            #expect(run.stdout == "529 OverloadedError overloaded_error 7\n", "\(run)")
            let session = try await fixture.newestSession()
            #expect(session.requests?.map(\.status) == [529])
        }
    }

    @Test func aStreamThatBreaksBreaksForTheClientToo() async throws {
        try await HoopxFixture.run { fixture in
            let api = try await fixture.claudeAPI { _ in
                var delivery = Delivery()
                delivery.breaksAfter = 5
                return .turn(ModelTurn([.text("This is never heard to its end.")]), delivery)
            }
            let run = try await Self.call("broken", fixture, fixture.configuration(for: api))
            #expect(run.stdout.hasPrefix("'This'\n"), "what was sent before arrives: \(run)")
            #expect(run.stdout.contains("broke: "), "\(run)")
            #expect(!run.stdout.contains("stop:"), "\(run)")
        }
    }

    @Test func anErrorEventInsideAStreamReachesTheClient() async throws {
        try await HoopxFixture.run { fixture in
            let api = try await fixture.claudeAPI { _ in
                var delivery = Delivery()
                delivery.errorEvent = "overloaded_error"
                return .turn(ModelTurn([.text("Hello.")]), delivery)
            }
            let run = try await Self.call("broken", fixture, fixture.configuration(for: api))
            #expect(run.stdout.contains("broke: "), "\(run)")
        }
    }

    private static func call(
        _ name: String, _ fixture: HoopxFixture, _ configuration: String, pythonPath: String? = nil
    ) async throws -> FinishedProcess {
        let run = try await fixture.run(
            [Clients.sdkPython(), Clients.script("anthropic_sdk.py"), name], configuration: configuration,
            environment: ["PYTHONPATH": pythonPath])
        #expect(run.exit == .status(0), "\(name): \(run)")
        return run
    }
}
