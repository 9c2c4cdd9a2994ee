import Testing

@testable import HoopxCredentials

struct XMLElementTests {
    private func read(_ text: String) -> XMLElement? { XMLElement(document: Array(text.utf8)) }

    @Test func elementsTextAndReferencesAreRead() throws {
        let root = try #require(
            read(
                "<?xml version=\"1.0\"?>\r\n<a x='1' y=\"&lt;\">\n <b>1 &lt; 2 &amp; &#x33;&#52;</b>\r\n<c /><d></d></a>\n"
            ))
        #expect(root.name == "a" && root.children.map(\.name) == ["b", "c", "d"])
        #expect(root.child("b")?.text == "1 < 2 & 34")
        #expect(root.child("c")?.text == "" && root.child("e") == nil)
    }

    @Test func anElementThatIsThereTwiceIsNone() {
        #expect(read("<a><b>1</b><b>2</b></a>")?.child("b") == nil)
    }

    @Test(arguments: [
        "", "text", "<a>", "<a></b>", "<a><b></a></b>", "<a></a><b/>", "<a></a>text", "<a x></a>", "<a x=1></a>",
        "<a>&unknown;</a>", "<a>&amp</a>", "<a>&#xd800;</a>", "<a><!-- comment --></a>", "<a><![CDATA[x]]></a>",
        "<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>", "<a><?pi?></a>", "< a></a>", "<a", "<a x='<'/>", "\u{feff}<a/>",
    ])
    func whatIsNotPlainXMLIsRefused(text: String) {
        #expect(read(text) == nil)
    }

    @Test func depthAndEncodingAreBounded() {
        let deep = String(repeating: "<a>", count: 5_000) + String(repeating: "</a>", count: 5_000)
        #expect(read(deep) == nil)
        #expect(XMLElement(document: Array("<a>".utf8) + [0xff] + Array("</a>".utf8)) == nil)
    }
}
