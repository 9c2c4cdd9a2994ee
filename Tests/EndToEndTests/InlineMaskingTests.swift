import Crypto
import Foundation
import HoopxTestSupport
import Testing

/// Real clients while what they send and receive is masked: they work, and neither side sees what it must not.
@Suite struct InlineMaskingTests {
    private static let card = "4111 1111 1111 1111"
    private static let email = "anna.schmidt@corporate-mail.org"
    /// What the model says of its own accord.
    private static let invented = "5555 5555 5555 4444"
    private static let masking = "masking: {request: pseudonym, response: redact}"
    private static let quiet = ["CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1"]

    /// The usual model, whose texts come in pieces of three characters, and which invents a card when it is asked to.
    @Sendable private static func model(_ request: MessagesRequest) -> ModelReply {
        let reply =
            request.prompt.contains("invent a card")
            ? ModelReply.text("Take \(invented), it is nobody's.") : ModelReply.conversation(request)
        guard case .turn(let turn, var delivery) = reply else { return reply }
        delivery.inputPiece = 4
        let blocks = turn.blocks.map { block -> ModelTurn.Block in
            guard case .text(let text) = block else { return block }
            let characters = Array(text)
            return .pieces(
                stride(from: 0, to: characters.count, by: 3).map {
                    String(characters[$0..<min($0 + 3, characters.count)])
                })
        }
        return .turn(ModelTurn(blocks), delivery)
    }

    private static func expectNothing(in api: LoopbackClaudeAPI) {
        for request in api.requests {
            for value in [card, email, card.filter { $0 != " " }] {
                #expect(!request.text.contains(value), "\(request.line) has \(value)")
            }
        }
    }

    @Test(arguments: ["intercept", "base_url"])
    func aToolGetsTheValueThatTheModelKnowsByItsPseudonymOnly(entry: String) async throws {
        try await HoopxFixture.run { fixture in
            let api = try await fixture.claudeAPI(model: Self.model)
            let run = try await fixture.run(
                [
                    Clients.sdkPython(), Clients.script("agent_sdk.py"),
                    "Please [[run: printf '%s, %s' '\(Self.card)' '\(Self.email)' | tee told | sha256sum; cat told]]",
                ],
                configuration: fixture.configuration(for: api, entry: entry, Self.masking), environment: Self.quiet)
            #expect(run.exit == .status(0), "\(run)")
            let told = "\(Self.card), \(Self.email)"
            let digest = SHA256.hash(data: Data(told.utf8)).map { String(format: "%02x", $0) }.joined()
            #expect(run.stdout.contains("result: success The command printed: \(digest)  -\n\(told)\n"), "\(run)")
            #expect(try String(contentsOfFile: fixture.workDirectory + "/told", encoding: .utf8) == told)
            Self.expectNothing(in: api)
            let last = try #require(api.messageRequests.last)
            // In the prompt, in the tool's input and in what the tool printed: the same.
            #expect(last.text.components(separatedBy: "<CREDIT_CARD_1>").count >= 4, "\(last.text)")
        }
    }

    @Test func theClaudeCLISaysWhatItWasToldAndNotWhatTheModelInvented() async throws {
        try await HoopxFixture.run { fixture in
            let api = try await fixture.claudeAPI(model: Self.model)
            let configuration = try fixture.configuration(for: api, Self.masking)
            for (prompt, answer) in [
                (
                    "[[say: My card is \(Self.card), write to \(Self.email).]]",
                    "My card is \(Self.card), write to \(Self.email)."
                ),
                ("Please invent a card", "Take [CREDIT_CARD], it is nobody's."),
            ] {
                let run = try await fixture.run(
                    [Clients.claude(), "-p", prompt], configuration: configuration, environment: Self.quiet)
                #expect(run.exit == .status(0) && run.stdout == answer + "\n", "\(run)")
            }
            Self.expectNothing(in: api)
        }
    }

    @Test(arguments: [nil, .gzip, .br, .zstd] as [ContentCoding?])
    func bothVersionsOfTheSDKWorkWhileBothDirectionsAreMasked(coding: ContentCoding?) async throws {
        try await HoopxFixture.run { fixture in
            let api = try await fixture.claudeAPI { request in
                guard case .turn(let turn, var delivery) = Self.model(request) else { return .text("") }
                delivery.coding = coding
                return .turn(turn, delivery)
            }
            let configuration = try fixture.configuration(for: api, Self.masking)
            let told = "My card is \(Self.card), write to \(Self.email)."
            for path in [nil, try Clients.olderAnthropic()] {
                for (prompt, answer) in [
                    ("[[say: \(told)]]", told), ("Please invent a card", "Take [CREDIT_CARD], it is nobody's."),
                ] {
                    let run = try await fixture.run(
                        [Clients.sdkPython(), Clients.script("anthropic_sdk.py"), "ask", prompt],
                        configuration: configuration, environment: ["PYTHONPATH": path])
                    #expect(run.exit == .status(0) && run.stdout == "\(answer)\n\(answer)\n", "\(run)")
                }
            }
            Self.expectNothing(in: api)
            #expect(api.messageRequests.count == 8)
            let listed = try await fixture.start(["sessions", "list", "--entity", "EMAIL_ADDRESS", "--json"]).finish()
            #expect(listed.stdout.split(separator: "\n").count == 2, "\(listed)")
        }
    }
}
