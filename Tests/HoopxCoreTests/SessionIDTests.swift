import HoopxCore
import Testing

@Suite struct SessionIDTests {
    @Test func aNewNameReadsBack() {
        for _ in 0..<200 {
            let id = SessionID.generate(day: "20261123")
            #expect(SessionID(id.description) == id)
            #expect(id.description.hasPrefix("20261123-"))
            #expect(id.description.utf8.count == 17)
        }
    }

    @Test func namesOfOneDayDiffer() {
        #expect(Set((0..<1_000).map { _ in SessionID.generate(day: "20261123") }).count == 1_000)
    }

    @Test(arguments: [
        "", "20261123", "20261123-", "20261123-k3f9x2a", "20261123-k3f9x2abc", "2026112-k3f9x2ab", "20261123-K3F9X2AB",
        "20261123-k3f9x2au", "20261123-../../..", "20261123-k3f9/2ab", "20261123-k3f9x2a\n", "20261123-k3f9-2ab",
        "2026112x-k3f9x2ab", " 0261123-k3f9x2ab", "20261123_k3f9x2ab", "20261123-k3f9x2a\u{0}",
    ])
    func whatHasNotItsShapeIsNoName(text: String) {
        #expect(SessionID(text) == nil)
    }
}
