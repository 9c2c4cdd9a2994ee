import Foundation
import HoopxCore
import HoopxCredentials
import HoopxOutbound
import HoopxTestSupport
import Testing

@testable import HoopxProxy

/// boto3, which holds the placeholder for all three parts of its credentials, and services that verify signatures.
struct AWSClientTests {
    private func run(
        _ what: String, upstream: String, source: any CredentialSource = AWSSource()
    ) async throws -> (result: FinishedProcess, denials: [Denial]) {
        let listener = try ListeningProxy()
        let connection = ProxyFixture.Connection(
            dialect: .aws, hosts: [listener.host], upstream: upstream, source: source)
        var ended: (FinishedProcess, [Denial])?
        try await ProxyFixture.run([connection]) { fixture in
            try listener.serve(fixture)
            let client = try RunningProcess(
                [
                    try ServicePrograms.python(), try ServicePrograms.client("aws_client.py"), what,
                    "http://\(listener.host)",
                ],
                environment: [
                    "PATH": "/usr/bin:/bin", "HOME": "/nonexistent", "AWS_ACCESS_KEY_ID": fixture.held,
                    "AWS_SECRET_ACCESS_KEY": fixture.held, "AWS_SESSION_TOKEN": fixture.held,
                    "AWS_EC2_METADATA_DISABLED": "true",
                ], directory: "/")
            ended = (try await client.finish(), fixture.denials)
        }
        return try #require(ended)
    }

    @Test func boto3StreamsFromABedrockThatBelievesBotocoreOnly() async throws {
        let server = try await SigningServer(
            keyID: AWSSource.keyID, secret: AWSSource.secret, token: AWSSource.token)
        defer { server.stop() }
        let (result, denials) = try await run("stream", upstream: server.url)
        let lines = result.stdout.split(separator: "\n")
        #expect(lines.count == 2 && denials.isEmpty, "\(result)")
        #expect(lines.first?.contains("v1%3A0/invoke") ?? false, "\(result)")
        #expect(
            lines.last == #"[{"part": 0, "got": 3000000}, {"part": 1, "got": 3000000}, {"part": 2, "got": 3000000}]"#)
    }

    @Test func theServerOfTheTestRefusesAWrongKey() async throws {
        let server = try await SigningServer(keyID: AWSSource.keyID, secret: "another", token: AWSSource.token)
        defer { server.stop() }
        let (result, _) = try await run("stream", upstream: server.url)
        #expect(result.stdout.contains("InvalidSignatureException"), "\(result)")
    }

    @Test(arguments: [("bedrock", "bedrock"), ("s3", "s3")])
    func credentialsForAnIDTokenSignForAnAWSThatChecks(service: String, what: String) async throws {
        let moto = try await MotoServer()
        defer { moto.stop() }
        let client = ControlClient(trust: UpstreamTrust(environment: [:]), proxies: try ProxyEnvironment([:]))
        let source = try WebIdentitySource(
            roleARN: try await moto.makeRole("agent"), scope: .init(region: "us-east-1", service: service),
            sessionName: "agent@example.com", endpoint: ControlURL(moto.url),
            identity: FixedIdentity(), client: client)
        // From here on moto refuses what is not rightly signed; its token service would want that too.
        let leased = LeasedSource(lease: try await source.lease(), injection: source.injection)
        await client.shutdown()
        try await moto.checkSignatures()
        let (result, denials) = try await run(what, upstream: moto.url, source: leased)
        #expect(denials.isEmpty)
        switch what {
        case "bedrock": #expect(result.stdout == #"{"status": 200}"# + "\n", "\(result)")
        default:
            let keys = try JSONDecoder().decode([[String]].self, from: Data(result.stdout.utf8))
            let expected = ["a b~c/d", "plain", "sub/dir/x"]
            #expect(keys == expected.map { [$0, $0] }, "\(result)")
        }
        // Without the right key moto refuses: the signatures above were looked at.
        let (refused, _) = try await run(what, upstream: moto.url, source: AWSSource(service: service))
        let codes = ["InvalidClientTokenId", "InvalidAccessKeyId"]
        #expect(codes.contains { refused.stdout.contains($0) }, "\(refused)")
    }

    @Test func boto3UnderstandsADenial() async throws {
        let listener = try ListeningProxy()
        let connection = ProxyFixture.Connection(
            dialect: .aws, hosts: [listener.host], upstream: "http://127.0.0.1:1", source: AWSSource())
        try await ProxyFixture.run([connection]) { fixture in
            try listener.serve(fixture)
            let client = try RunningProcess(
                [
                    try ServicePrograms.python(), try ServicePrograms.client("aws_client.py"), "bedrock",
                    "http://\(listener.host)",
                ],
                environment: [
                    "PATH": "/usr/bin:/bin", "HOME": "/nonexistent", "AWS_ACCESS_KEY_ID": "AKIAATTACKER",
                    "AWS_SECRET_ACCESS_KEY": "x",
                ], directory: "/")
            let result = try await client.finish()
            #expect(result.stdout.contains(#""code": "AccessDeniedException", "message": "hoopx denied POST /model/"#))
            #expect(result.stdout.contains("foreign_credential"), "\(result)")
        }
    }
}

private struct FixedIdentity: IdentityTokenSource {
    func identityToken(audience: String?) async throws(HoopxError) -> Secret { Secret("header.payload.signature") }
}

/// A lease that was got before.
private struct LeasedSource: CredentialSource {
    var name: String { "the test" }
    let lease: Lease
    let injection: CredentialInjection

    func lease() async throws(HoopxError) -> Lease { lease }

    func revoke(_ lease: Lease) async throws(HoopxError) -> Bool { false }
}
