import HoopxJSON
import Testing

struct JSONPageTests {
    @Test func aPageHasALineForEachValue() throws {
        let value: JSONValue = ["b": [1, ["c": "x\n"]], "a": .null, "none": [], "empty": [:]]
        let page = """
            {
              "a" : null,
              "b" : [
                1,
                {
                  "c" : "x\\n"
                }
              ],
              "empty" : {},
              "none" : []
            }
            """
        #expect(value.page == page)
        #expect(try JSONValue(json: page.utf8) == value)
    }

    @Test func whatIsNotThereIsNull() {
        #expect(JSONValue(nil as String?) == .null)
        #expect(JSONValue(nil as Int64?) == .null)
        #expect(JSONValue(Int64(12)).page == "12")
    }
}
