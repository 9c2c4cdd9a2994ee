import Testing

@testable import HoopxMasking

@Suite struct TextMaskingTests {
    @Test func textIsMaskedAsItIs() {
        #expect(
            masked("to ann@mail.example: \"4111 1111 1111 1111\"\n", .text) == "to [EMAIL_ADDRESS]: \"[CREDIT_CARD]\"\n"
        )
        #expect(masked("", .text) == "")
    }

    @Test func bytesThatAreNoTextStay() {
        let bytes: [UInt8] = [0xff, 0x00, 0xc3] + Array("4111111111111111".utf8) + [0x80, 0xe2, 0x82]
        #expect(masked([bytes], .text) == [0xff, 0x00, 0xc3] + Array("[CREDIT_CARD]".utf8) + [0x80, 0xe2, 0x82])
    }

    @Test func aFormIsDecodedForLookingAndEncodedAgainWhereItChanges() {
        #expect(
            masked("card=4111+1111%201111%2d1111&to=ann%40mail.example&x=%zz%4+%c3%a4", .form)
                == "card=%5BCREDIT_CARD%5D&to=%5BEMAIL_ADDRESS%5D&x=%zz%4+%c3%a4")
        #expect(masked("x=4111111111111111%", .form) == "x=%5BCREDIT_CARD%5D%")
    }

    @Test func findingsAreCountedByEntityWithoutWhatIsKept() {
        let masker = BodyMasker(
            Replacements(), plan: MaskingPlan(standard: .redact, byEntity: [ExampleFinder.email: .keep]), format: .text
        ) { ExampleFinder($0) }
        var output: [UInt8] = []
        "4111111111111111, 4111111111111111, ann@mail.example BEGIN a b END".utf8.withContiguousStorageIfAvailable {
            masker.append(UnsafeRawBufferPointer($0), into: &output)
        }
        masker.finish(into: &output)
        #expect(String(decoding: output, as: UTF8.self) == "[CREDIT_CARD], [CREDIT_CARD], ann@mail.example [BLOCK]")
        #expect(masker.findings == [ExampleFinder.card: 2, ExampleFinder.block: 1])
    }

    @Test func onlyWhatMayBecomeAValueIsHeldBack() {
        let masker = BodyMasker(Replacements(), plan: MaskingPlan(standard: .redact), format: .text) {
            ExampleFinder($0)
        }
        var output: [UInt8] = []
        Array("Hello 4111".utf8).withUnsafeBytes { masker.append($0, into: &output) }
        #expect(String(decoding: output, as: UTF8.self) == "Hello ")
    }
}

@Suite struct BodyFormatTests {
    @Test func aContentTypeTellsTheFormat() {
        let fields = [StreamedField(path: ["a"], channel: [], content: .text)]
        #expect(BodyFormat(contentType: "application/json; charset=utf-8") == .json)
        #expect(BodyFormat(contentType: "Application/Problem+JSON") == .json)
        #expect(BodyFormat(contentType: "text/event-stream;x", streamedFields: fields) == .eventStream(fields))
        #expect(BodyFormat(contentType: "application/x-www-form-urlencoded") == .form)
        #expect(BodyFormat(contentType: "multipart/form-data; boundary=x") == .text)
        #expect(BodyFormat(contentType: nil) == .text)
    }
}
