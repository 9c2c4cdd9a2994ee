import HoopxMasking
import HoopxTestSupport
import Testing

@testable import HoopxProxy

/// What is signed is what the upstream gets.
struct SignedMaskingTests {
    @Test(arguments: [MaskingPlan.redact, MaskingPlan.pseudonym])
    func aMaskedBodyIsSignedAsMasked(plan: MaskingPlan) async throws {
        let server = try await LoopbackHTTPServer { _ in .answer("{}") }
        let connection = ProxyFixture.Connection(
            dialect: .aws, entry: .baseURL, upstream: server.url, source: AWSSource())
        try await ProxyFixture.run([connection], masking: ProxyFixture.Masking(request: plan)) { fixture in
            let client = try await fixture.connect(to: "127.0.0.1:\(try fixture.basePort)")
            let response = try await client.exchange(
                fixture.request(
                    "POST /model/a/invoke", "Authorization: \(fixture.clientSignature)",
                    "Content-Type: application/json", "x-amz-checksum-crc32: AAAAAA==", body: Planted.json))
            #expect(response.status == 200, "\(response.body)")
            let request = try #require(server.requests.first)
            #expect(!Planted.isIn(request.body) && request.headers["x-amz-checksum-crc32"] == [])
            #expect(request.headers["content-length"] == [String(request.body.count)])
            #expect(try await Botocore.opinion(of: request) == "ok")
            #expect(try !fixture.recordHoldsPlanted())
        }
        await server.close()
    }
}
