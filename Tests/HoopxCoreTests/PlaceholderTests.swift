import HoopxCore
import Testing

@Suite struct PlaceholderTests {
    @Test func eachRunHasAnother() {
        let values = (0..<100).map { _ in Placeholder.generate().secret.withValue { $0 } }
        #expect(Set(values).count == 100)
    }

    @Test func itHolds256BitsAndEndsAlike() throws {
        let value = Placeholder.generate().secret.withValue { $0 }
        let parts = value.split(separator: "-")
        #expect(parts[1].utf8.count == 64)
        #expect(parts[1].allSatisfy { $0.isHexDigit })
        let other = Placeholder.generate().secret.withValue { $0 }
        #expect(value.suffix(20) == other.suffix(20))
    }

    @Test func anotherRunsIsKnownByItsShape() {
        let other = Placeholder.generate().secret.withValue { $0 }
        #expect(Placeholder.isShape(of: other))
        for text in ["", "sk-ant-api03-x", String(other.dropLast()), "x" + other, "hoopx--placeholder-of-hoopx-run"] {
            #expect(!Placeholder.isShape(of: text))
        }
    }

    @Test func itCanStandInAHeaderAndAnEnvironmentVariable() {
        let value = Placeholder.generate().secret.withValue { $0 }
        #expect(value.utf8.allSatisfy { (0x21...0x7e).contains($0) })
    }

    @Test func itIsNotPrinted() {
        let placeholder = Placeholder.generate()
        var dumped = ""
        dump(placeholder, to: &dumped)
        let value = placeholder.secret.withValue { $0 }
        #expect(!dumped.contains(value))
        #expect(!"\(placeholder)".contains(value))
    }
}
