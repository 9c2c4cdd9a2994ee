import HoopxCore
import Testing

@Suite struct ReasonCodeTests {
    @Test func codesAreWordsThatRulesCanRelyOn() {
        for code in ReasonCode.allCases {
            #expect(code.rawValue.utf8.allSatisfy { (0x61...0x7a).contains($0) || $0 == UInt8(ascii: "_") })
        }
    }
}
