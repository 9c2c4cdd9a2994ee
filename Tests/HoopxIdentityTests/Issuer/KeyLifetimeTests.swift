import Testing

@testable import HoopxIdentity

struct KeyLifetimeTests {
    private static let cases: [([String], Int64)] = [
        ([], 3_600), (["public"], 3_600), (["max-age=7200"], 7_200), (["public, Max-Age = 7200"], 7_200),
        (["max-age=\"7200\""], 7_200), (["public", "max-age=7200"], 7_200), (["max-age=0"], 300),
        (["max-age=299"], 300), (["max-age=86401"], 86_400), (["max-age=99999999999999999999999"], 86_400),
        (["max-age=-1"], 3_600), (["max-age=x"], 3_600), (["max-age"], 3_600), (["s-maxage=7200"], 3_600),
        (["no-store"], 300), (["no-cache, max-age=7200"], 300),
    ]

    @Test(arguments: cases)
    func theIssuersWordIsTakenWithinBounds(fields: [String], seconds: Int64) {
        #expect(KeyLifetime.seconds(cacheControl: fields) == seconds)
    }
}
