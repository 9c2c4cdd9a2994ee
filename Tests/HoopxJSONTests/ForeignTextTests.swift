import HoopxJSON
import Testing

struct ForeignTextTests {
    @Test func aTextIsShownInVisibleASCIIAndCut() {
        #expect(ForeignText("plain").description == "\"plain\"")
        #expect(ForeignText("\u{1b}[31mä\"").description == "\"?[31m??\"")
        #expect(ForeignText(String(repeating: "a", count: 64)).description.utf8.count == 66)
        #expect(ForeignText(String(repeating: "a", count: 65)).description.hasSuffix("\"..."))
    }

    @Test func aValueIsNamedByItsKind() {
        #expect(ForeignText(nil).description == "none")
        #expect(ForeignText(.null).description == "null")
        #expect(ForeignText(true).description == "true")
        #expect(ForeignText(1).description == "the number 1")
        #expect(ForeignText([:]).description == "an object")
        #expect(ForeignText([]).description == "an empty array")
        #expect(ForeignText(["a", 1, [2], "b", "c"]).description == "\"a\", the number 1, an array and 2 more")
    }
}
