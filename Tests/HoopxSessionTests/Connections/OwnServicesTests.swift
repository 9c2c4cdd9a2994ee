import HoopxCore
import HoopxOutbound
import Testing

@testable import HoopxConfiguration
@testable import HoopxSession

@Suite struct OwnServicesTests {
    @Test func whatHoopxTalksToOnThisMachineIsNoPlaceForAServerOfTheTarget() throws {
        let configuration = try Configuration.parse(
            """
            version: 1
            identity: {issuer: "http://localhost:81/realm", client_id: c}
            connections:
              a:
                type: http
                hosts: [a.example.com]
                credential: {source: vault, address: "http://127.0.0.1:82", role: r, path: p/x}
              b:
                type: http
                hosts: [b.example.com]
                credential:
                  source: aws_web_identity
                  role_arn: arn
                  region: us-east-1
                  sts_endpoint: http://[::1]:83
              c:
                type: anthropic
                hosts: [c.example.com]
                credential: {source: anthropic_federation, token_url: "https://127.0.0.1:84"}
            """, path: "/c.yaml", homeDirectory: "/home/u")
        let environment = [
            "ACTIONS_ID_TOKEN_REQUEST_URL": "http://127.0.0.1:85/token?a=b", "https_proxy": "http://localhost:86",
            "http_proxy": "http://proxy.example.com:87",
        ]
        let upstreams = ["http://localhost:88/x", "https://localhost:89", "http://localhost"].compactMap {
            UpstreamURL($0)
        }
        let ports = OwnServices(configuration: configuration, environment: environment)
            .ports(upstreams: upstreams, proxies: try ProxyEnvironment(environment))
        #expect(ports == [80, 81, 82, 83, 84, 85, 86, 88, 89])
    }
}
