import HoopxCore
import Testing

@Suite struct HoopxErrorTests {
    @Test func itSaysWhatWasDoneAndWhatWasFound() {
        let error = HoopxError(.startup, doing: "opening a", found: "b", hint: "c")
        #expect("\(error)" == "opening a: b")
        #expect(error.hint == "c")
    }
}
