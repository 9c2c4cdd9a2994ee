import Testing

@testable import HoopxIdentity

struct UnverifiedIDTokenTests {
    @Test(arguments: ["a.b.c", " a.b.c\n", "eyJ-_.eyJ9.AA"])
    func threePartsOfBase64URLAreOne(text: String) { #expect(UnverifiedIDToken(text) != nil) }

    @Test(arguments: ["", "a.b", "a.b.c.d", "a.b.c=", "a b.c.d", "ä.b.c"])
    func anythingElseIsNone(text: String) { #expect(UnverifiedIDToken(text) == nil) }

    @Test func atMost16KiBAreTaken() {
        let longest = String(repeating: "a", count: UnverifiedIDToken.maximumLength - 4)
        #expect(UnverifiedIDToken("a.b." + longest) != nil)
        #expect(UnverifiedIDToken("a.b." + longest + "a") == nil)
    }
}
