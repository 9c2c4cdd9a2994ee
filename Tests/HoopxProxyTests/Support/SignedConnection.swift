import Foundation
import HoopxCore
import HoopxCredentials
import HoopxTestSupport
import Testing

@testable import HoopxProxy

/// Always the same credentials of AWS, as a signature.
struct AWSSource: CredentialSource {
    var name: String { "the test" }
    var service = "bedrock"
    var injection: CredentialInjection { .signature(AWSSignatureScope(region: "us-east-1", service: service)) }

    func lease() async throws(HoopxError) -> Lease {
        Lease(
            .aws(
                AWSCredentials(
                    accessKeyID: Self.keyID, secretKey: Secret(Self.secret), sessionToken: Secret(Self.token))))
    }

    func revoke(_ lease: Lease) async throws(HoopxError) -> Bool { false }

    static let keyID = "ASIAHOOPXTESTKEYID00"
    static let secret = "secret/key+of/the+test"
    static let token = "session//token+of/the=test=="

}

extension ProxyFixture {
    /// What an AWS client that holds the placeholder sends as its signature.
    var clientSignature: String {
        "AWS4-HMAC-SHA256 Credential=\(held)/20261126/us-east-1/bedrock/aws4_request, "
            + "SignedHeaders=host;x-amz-date, Signature=\(String(repeating: "0", count: 64))"
    }
}

/// botocore's opinion of signatures, by Clients/signatures.py.
enum Botocore {
    struct Request: Encodable {
        let method: String
        let target: String
        let headers: [[String]]
        let body: Data
        var service = "bedrock"
        var region = "us-east-1"
        var secret = AWSSource.secret
    }

    /// "ok" for each request whose signature botocore makes too, else what it makes.
    static func opinions(of requests: [Request]) async throws -> [String] {
        let process = try RunningProcess(
            [try ServicePrograms.python(), try ServicePrograms.client("signatures.py")],
            environment: ["PATH": "/usr/bin:/bin", "HOME": "/nonexistent", "PYTHONDONTWRITEBYTECODE": "1"],
            directory: "/")
        for request in requests {
            process.write(String(decoding: try JSONEncoder().encode(request), as: UTF8.self) + "\n")
        }
        let result = try await process.finish()
        #expect(result.exit == .status(0), "\(result)")
        return result.stdout.split(separator: "\n").map(String.init)
    }

    static func opinion(of request: ReceivedRequest) async throws -> String {
        let headers = request.headers.map { [$0.name, $0.value] }
        let opinions = try await opinions(
            of: [
                Request(
                    method: request.method.rawValue, target: request.uri, headers: headers, body: Data(request.body))
            ])
        return try #require(opinions.first)
    }
}
