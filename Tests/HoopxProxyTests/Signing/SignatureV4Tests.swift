import Crypto
import Foundation
import HoopxCore
import HoopxCredentials
import NIOHTTP1
import Testing

@testable import HoopxProxy

struct SignatureV4Tests {
    /// AWS's own examples (aws-sig-v4-test-suite), those that sign no other fields than hoopx does.
    @Test(arguments: [
        ("GET /", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"),
        ("GET /?Param2=value2&Param1=value1", "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500"),
        ("GET /?Param1=value1", "a67d582fa61cc504c4bae71f336f98b97f1ea3c7a6bfe1b6e45aec72011b9aeb"),
        ("GET /?Param1=value2&Param1=Value1", "eedbc4e291e521cf13422ffca22be7d2eb8146eecf653089df300a15b2382bd1"),
        ("GET /?Param1=value2&Param1=value1", "5772eed61e12b33fae39ee5e7012498b51d56abc0abb7c60486157bd471c4694"),
        ("GET /?\(unreserved)=\(unreserved)", "9c3e54bfcdf0b19771a7f523ee5669cdf59bc7cc0884027167c21bb143a40197"),
        ("GET /\(unreserved)", "07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f"),
        ("GET /ሴ", "8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85"),
        ("GET /?ሴ=bar", "2cdec8eed098649ff3a119c94853b13c643bcf08f8b0a1d91e12c9027818dd04"),
        ("GET /example/..", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"),
        ("GET /example1/example2/../..", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"),
        ("GET //", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"),
        ("GET /./", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"),
        ("GET /./example", "ef75d96142cf21edca26f06005da7988e4f8dc83a165a80865db7089db637ec5"),
        ("GET //example//", "9a624bd73a37c9a373b5312afbebe7a714a789de108f0bdfe846570885f57e84"),
        ("GET /example space/", "652487583200325589f1fba4c7e578f72c47cb61beeca81406b39ddec1366741"),
        ("POST /", "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"),
        ("POST /?Param1=value1", "28038455d6de14eafc1f9222cf5aa6f1a96197d7deb8263271d420d138af7f11"),
    ])
    func theSignatureIsThatOfAWSsOwnExamples(line: String, signature: String) {
        #expect(Self.signature(of: line) == signature)
    }

    @Test func aFormIsSignedWithItsTypeAndItsBody() {
        #expect(
            Self.signature(of: "POST /", ["Content-Type": "application/x-www-form-urlencoded"], "Param1=value1")
                == "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a")
        #expect(
            Self.signature(
                of: "POST /", ["Content-Type": "application/x-www-form-urlencoded; charset=utf8"], "Param1=value1")
                == "1a72ec8f64bd914b0e42e42607c7fbce7fb2c7465f63e3092b3b0d39fa77a6fe")
    }

    @Test func aSessionTokenIsSigned() {
        let token = """
            AQoDYXdzEPT//////////wEXAMPLEtc764bNrC9SAPBSM22wDOk4x4HIZ8j4FZTwdQWLWsKWHGBuFqwAeMicRXmxfpSPfIeoIYRqTflfKD8Y\
            UuwthAx7mSEI/qkPpKPi/kMcGdQrmGdeehM4IC1NtBmUpp2wUE8phUZampKsburEDy0KPkyQDYwT7WZ0wq5VSXDvp75YU9HFvlRd8Tx6q6fE8Y\
            QcHNVXAkiY9q6d+xo0rKwT38xVqr7ZD0u0iPPkUL64lIZbqBAz+scqKmlzm8FDrypNC9Yjc8fPOLn9FX9KSYvKTr4rvx3iSIlTJabIQwj2ICCR\
            /oLxBA==
            """
        #expect(
            Self.signature(of: "POST /", ["X-Amz-Security-Token": token])
                == "85d96828115b5dc0cfc3bd16ad9e210dd772bbebba041836c64533a82be05ead")
    }

    @Test(arguments: ["bedrock", "s3"])
    func botocoreMakesTheSameSignatureOfWhatIsSent(service: String) async throws {
        var random = SeededGenerator(seed: 20_261_126)
        var requests: [Botocore.Request] = []
        for number in 0..<400 {
            let length = Int.random(in: 0...60, using: &random)
            var body = Data(count: length)
            for index in body.indices { body[index] = UInt8.random(in: 0...255, using: &random) }
            let method: HTTPMethod = [.GET, .POST, .PUT, .DELETE][Int.random(in: 0...3, using: &random)]
            var head = HTTPRequestHead(
                version: .http1_1, method: method, uri: Self.target(using: &random),
                headers: Self.headers(number, using: &random))
            let moment = Int64.random(in: 1_500_000_000_000_000...2_000_000_000_000_000, using: &random)
            let signature = SignatureV4(
                credentials: Self.credentials, scope: .init(region: "us-east-1", service: service),
                moment: Timestamp(microseconds: moment))
            signature.sign(&head, payload: SHA256.hash(data: body))
            requests.append(
                .init(
                    method: head.method.rawValue, target: head.uri, headers: head.headers.map { [$0.name, $0.value] },
                    body: body, service: service))
        }
        let opinions = try await Botocore.opinions(of: requests)
        #expect(opinions.count == requests.count)
        for (request, opinion) in zip(requests, opinions) where opinion != "ok" {
            Issue.record("\(request.method) \(request.target) \(request.headers): \(opinion)")
        }
    }

    @Test func whatIsAmbiguousIsSentAsItIsSigned() {
        for (service, sent, signed) in [
            ("bedrock", "/a%2fb/!x?b=1+2&a=%7e&&c", "/a%2fb/!x?a=~&b=1%202&c="),
            ("s3", "/a%2fb/!x%41?list-type=2&prefix=%zz", "/a%2Fb/%21xA?list-type=2&prefix=%25zz"),
            ("s3", "/key?", "/key"),
        ] {
            var head = HTTPRequestHead(version: .http1_1, method: .GET, uri: sent, headers: ["Host": "example.com"])
            SignatureV4(
                credentials: Self.credentials, scope: .init(region: "us-east-1", service: service), moment: .now()
            ).sign(&head, payload: SHA256.hash(data: Data()))
            #expect(head.uri == signed)
        }
    }

    private static let credentials = AWSCredentials(
        accessKeyID: AWSSource.keyID, secretKey: Secret(AWSSource.secret), sessionToken: Secret(AWSSource.token))

    private static func signature(of line: String, _ fields: HTTPHeaders = [:], _ body: String = "") -> String? {
        let parts = line.split(separator: " ", maxSplits: 1)
        var headers: HTTPHeaders = ["Host": "example.amazonaws.com", "X-Amz-Date": "20150830T123600Z"]
        headers.add(contentsOf: fields)
        let head = HTTPRequestHead(
            version: .http1_1, method: .init(rawValue: String(parts[0])), uri: String(parts[1]), headers: headers)
        let example = SignatureV4(
            credentials: AWSCredentials(
                accessKeyID: "AKIDEXAMPLE", secretKey: Secret("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"),
                sessionToken: Secret("")),
            scope: .init(region: "us-east-1", service: "service"),
            moment: Timestamp(microseconds: 1_440_938_160_000_000))
        let value = example.authorization(for: head, payload: SHA256.hash(data: Data(body.utf8)))
        let prefix = "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders="
        guard value.hasPrefix(prefix), let mark = value.range(of: ", Signature=") else { return nil }
        return String(value[mark.upperBound...])
    }

    private static let letters = Array("aZ09-._~ !'()*+,:@$%/=ä&;")

    /// Whatever a client may write into a request line: escapes in both cases, needless ones, and characters raw.
    private static func target(using random: inout SeededGenerator) -> String {
        func text(_ raw: String) -> String {
            (0..<Int.random(in: 0...8, using: &random)).map { _ in
                let letter = letters[Int.random(in: letters.indices, using: &random)]
                if raw.contains(letter), Bool.random(using: &random) { return String(letter) }
                return letter.utf8.map { String(format: Bool.random(using: &random) ? "%%%02x" : "%%%02X", $0) }
                    .joined()
            }.joined()
        }
        var target =
            "/"
            + (0..<Int.random(in: 0...4, using: &random)).map { _ in
                text("aZ09-_~!'()*,:@$")
            }.joined(separator: "/")
        let count = Int.random(in: 0...4, using: &random)
        if count > 0 {
            target +=
                "?"
                + (0..<count).map { _ in
                    text("aZ09-._~!'()*+,:@$/;")
                        + (Bool.random(using: &random) ? "=" + text("aZ09-._~!'()*+,:@$/;=") : "")
                }.joined(separator: "&")
        }
        return target
    }

    private static func headers(_ number: Int, using random: inout SeededGenerator) -> HTTPHeaders {
        var headers: HTTPHeaders = ["Host": Bool.random(using: &random) ? "a.amazonaws.com" : "a.amazonaws.com:8443"]
        if Bool.random(using: &random) { headers.add(name: "content-TYPE", value: "application/json;  charset=utf-8") }
        if Bool.random(using: &random) { headers.add(name: "X-Amz-Meta-Note", value: "  two  blanks\tand a tab ") }
        if Bool.random(using: &random) {
            headers.add(name: "x-amz-meta-b", value: "second")
            headers.add(name: "X-AMZ-Meta-B", value: "first, \(number)")
        }
        headers.add(name: "User-Agent", value: "not signed")
        if Bool.random(using: &random) { headers.add(name: "x-amz-date", value: "19700101T000000Z") }
        return headers
    }
}

private let unreserved = "-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

/// The same numbers in each run (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var value = state
        value = (value ^ (value >> 30)) &* 0xbf58_476d_1ce4_e5b9
        value = (value ^ (value >> 27)) &* 0x94d0_49bb_1331_11eb
        return value ^ (value >> 31)
    }
}
