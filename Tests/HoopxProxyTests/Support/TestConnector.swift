import HoopxOutbound
import NIOCore
import NIOPosix

@testable import HoopxProxy

extension UpstreamConnector {
    static func forTests(trust: UpstreamTrust) throws -> UpstreamConnector {
        UpstreamConnector(
            trust: trust, environment: try ProxyEnvironment([:]), threads: .singleton, door: LoopDoor(),
            deadlines: Deadlines())
    }
}
