import HoopxTestSupport
import Testing

/// A target that is root and says where allowed names lead to (attempt 56). hoopx looks them up for it.
@Suite struct ResolverTests {
    private static let configuration = """
        version: 1
        egress: {tunnel: ["one.example.com:443", "two.example.com:443"]}
        """

    private func reach(_ attempt: String, _ fixture: HoopxFixture) async throws -> Reached {
        let program = try Programs.source("resolver.py")
        return try await fixture.reach(
            .python("resolver.py \(attempt)"), configuration: Self.configuration,
            through: [Programs.python, program, "make"])
    }

    @Test(arguments: Account.all) func theTableOfHostsCannotBeChanged(account: Account) async throws {
        try await HoopxFixture.run(as: account) { fixture in
            let reached = try await reach("hosts", fixture)
            reached.expect(["left TCP 192.0.2.7:443", "left UDP 192.0.2.53:53"])
            #expect(reached.description.contains("supervised said: Permission denied"), "\(reached)")
        }
    }

    @Test(arguments: Account.all) func noCacheDaemonOfTheTargetsIsAsked(account: Account) async throws {
        try await HoopxFixture.run(as: account) { fixture in
            let reached = try await reach("cache", fixture)
            #expect(reached.description.contains("control said: asked"), "\(reached)")
            #expect(!reached.description.contains("supervised said: asked"), "\(reached)")
            reached.expectNothing()
        }
    }
}
