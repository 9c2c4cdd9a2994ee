import Testing

@testable import HoopxAudit

@Suite struct VariableIntegerTests {
    @Test func numbersReadBack() {
        let numbers: [UInt64] = [0, 1, 127, 128, 300, 1 << 32, .max - 1, .max]
        var bytes: [UInt8] = []
        for number in numbers { VariableInteger.append(number, to: &bytes) }
        #expect(VariableInteger.all(in: bytes) == numbers)
        #expect(VariableInteger.all(in: []) == [])
    }

    @Test(
        arguments: [
            [0x80], [0x01, 0xff], Array(repeating: 0xff, count: 10), Array(repeating: 0x80, count: 10) + [0x02],
        ] as [[UInt8]])
    func whatIsNoNumberIsRefused(bytes: [UInt8]) { #expect(VariableInteger.all(in: bytes) == nil) }
}
