import HoopxAudit
import Testing

@Suite struct RecordedPathTests {
    @Test(arguments: [
        ("/v1/messages", "/v1/messages"),
        ("/v1/messages?beta=true", "/v1/messages?beta=true"),
        ("/v1/files?after_id=file_1&limit=20&deep=false", "/v1/files?after_id=*&limit=*&deep=false"),
        ("/x?key=sk-ant-hunter2", "/x?key=*"),
        ("/x?a=b=hunter2", "/x?a=*"),
        ("/x?a=1?key=hunter2", "/x?a=*"),
        ("/x?hunter2", "/x?*"),
        ("/x?=hunter2", "/x?=*"),
        ("/x?a=trueish&b=TRUE", "/x?a=*&b=*"),
        ("/x?", "/x?"),
        ("/x?&&a=hunter2&", "/x?&&a=*&"),
        ("/x?a=hunter2#b=hunter2", "/x?a=*"),
        ("", ""),
    ])
    func noValueOfAQueryIsKept(target: String, path: String) {
        #expect(RecordedPath(requestTarget: target).description == path)
    }

    @Test(arguments: [
        ("/a\u{1b}[2J", "/a%1B[2J"), ("/a b", "/a%20b"), ("/b\u{fc}", "/b%C3%BC"), ("/a\u{7f}\n", "/a%7F%0A"),
        ("/x?\u{1b}=1", "/x?%1B=*"),
    ])
    func aTerminalDoesNotActOnAPath(target: String, path: String) {
        #expect(RecordedPath(requestTarget: target).description == path)
    }

    @Test func aLongPathIsCut() {
        let path = RecordedPath(requestTarget: "/" + String(repeating: "a", count: 1 << 20))
        #expect((1_500...RecordedPath.maximumLength).contains(path.description.utf8.count))
    }

    /// Half of a value looks like none: it would not be masked.
    @Test func aPathIsNotCutWithinAValue() {
        for length in 3..<23 {
            let start = "/" + String(repeating: "a", count: RecordedPath.maximumLength - length) + "/"
            let path = RecordedPath(requestTarget: start + "4111-1111-1111-1111/x").description
            #expect(path == start, "\(length)")
        }
    }
}
