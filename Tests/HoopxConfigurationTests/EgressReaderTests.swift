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

    @Test func serversOfThisMachineAreNamedByPortAndByPath() throws {
        let egress = try parse(
            "version: 1\negress: {loopback: [5432, 6379], listen: [8080], unix: [/run/a.socket, ~/b.socket]}\n"
        ).egress
        #expect(egress.loopback == [5432, 6379])
        #expect(egress.listen == [8080])
        #expect(egress.unix == ["/run/a.socket", "/home/ada/b.socket"])
    }

    @Test(arguments: [
        ("default: allow", "2:19: expected one of deny for egress.default, not allow"),
        ("tunnel: pypi.org", "2:18: expected egress.tunnel, a list"),
        ("tunnel: [pypi.org]", "2:19: expected host:port in egress.tunnel, not pypi.org"),
        ("tunnel: ['https://pypi.org']", "2:19: expected host:port in egress.tunnel, not https://pypi.org"),
        ("tunnel: ['a.example:443', '*:443']", "2:36: expected host:port in egress.tunnel, not *:443"),
        ("loopback: [0]", "2:21: expected a port of 1 to 65535 in egress.loopback, not 0"),
        ("listen: [65536]", "2:19: expected a port of 1 to 65535 in egress.listen, not 65536"),
        ("listen: ['+80']", "2:19: expected a port of 1 to 65535 in egress.listen, not +80"),
        ("unix: [docker.sock]", "2:17: expected the path of a socket in egress.unix, not docker.sock"),
        ("tunnel: ['api.anthropic.com:443']", "2:19: api.anthropic.com:443 is a host of connections.claude already"),
    ])
    func aWrongRuleIsRefused(text: String, found: String) {
        #expect(refused("version: 1\negress: {\(text)}\n")?.found == found)
    }

    @Test func aMissingPortIsOffered() throws {
        #expect(refused("version: 1\negress: {tunnel: [pypi.org]}\n")?.hint == "name the port: \"pypi.org:443\"")
    }
}
