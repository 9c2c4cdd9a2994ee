import HoopxCore
import Testing

@testable import HoopxConfiguration

@Suite struct EgressReaderTests {
    @Test(arguments: [
        "", "egress:\n", "egress: {}\n", "egress: {default: deny}\n", "egress: {tunnel: }\n", "egress: {tunnel: []}\n",
    ])
    func nothingPassesWhereNothingIsNamed(text: String) throws {
        #expect(try parse("version: 1\n" + text).egress.tunnel.isEmpty)
    }

    @Test(arguments: [
        ("default: allow", "2:19: expected one of deny for egress.default, not allow"),
        ("tunnel: pypi.org", "2:18: expected egress.tunnel, a list"),
        ("tunnel: [pypi.org]", "2:19: expected host:port in egress.tunnel, not pypi.org"),
        ("tunnel: ['https://pypi.org']", "2:19: expected host:port in egress.tunnel, not https://pypi.org"),
        ("tunnel: ['a.example:443', '*:443']", "2:36: expected host:port in egress.tunnel, not *:443"),
        ("tunnel: ['api.anthropic.com:443']", "2:19: api.anthropic.com:443 is a host of connections.claude already"),
    ])
    func aWrongRuleIsRefused(text: String, found: String) {
        #expect(refused("version: 1\negress: {\(text)}\n")?.found == found)
    }

    @Test func aMissingPortIsOffered() throws {
        #expect(refused("version: 1\negress: {tunnel: [pypi.org]}\n")?.hint == "name the port: \"pypi.org:443\"")
    }
}
