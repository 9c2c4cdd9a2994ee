import HoopxAudit
import HoopxMasking
import HoopxTestSupport
import NIOCore
import NIOHTTP1

@testable import HoopxProxy

/// Values that nobody may see who must not, and requests that hold them.
enum Planted {
    static let email = "jane.doe@private.example"
    static let card = "4111111111111111"
    static let all = [email, card]

    static let json = #"{"user":"\#(email)","card":"\#(card)","n":1}"#
    static let redactedJSON = #"{"user":"[EMAIL_ADDRESS]","card":"[CREDIT_CARD]","n":1}"#

    static func isIn(_ bytes: [UInt8]) -> Bool {
        let text = String(decoding: bytes, as: UTF8.self)
        return all.contains { text.contains($0) }
    }
}

extension MaskingPlan {
    static let redact = MaskingPlan(standard: .redact)
    static let pseudonym = MaskingPlan(standard: .pseudonym)
}

extension ProxyFixture {
    /// What is recorded of a request's bodies once it is over.
    func recordedBody(_ direction: BodyDirection, of request: Int64 = 1) async throws -> String {
        try await eventually("the end of request \(request)") {
            try recorded().requests.contains { $0.number == request && $0.duration != nil }
        }
        return String(decoding: store.bytes(of: BodyKey(request: request, direction: direction)), as: UTF8.self)
    }

    /// Whether any event or body of the record holds a planted value.
    func recordHoldsPlanted() throws -> Bool {
        _ = try recorded()
        return store.events.contains { Planted.isIn($0.payload) } || store.allBodies.contains { Planted.isIn($0) }
    }
}

/// A connection to a loopback server, with masking.
func withMasking(
    _ masking: ProxyFixture.Masking = ProxyFixture.Masking(), deadlines: Deadlines = Deadlines(),
    dialect: NamedConnection.Dialect = .anthropic,
    respond: @escaping LoopbackHTTPServer.Responder = { _ in .answer("{}") },
    _ body: (ProxyFixture, TestClient, LoopbackHTTPServer) async throws -> Void
) async throws {
    let server = try await LoopbackHTTPServer(respond: respond)
    let connection = ProxyFixture.Connection(dialect: dialect, entry: .baseURL, upstream: server.url)
    try await ProxyFixture.run([connection], deadlines: deadlines, masking: masking) { fixture in
        try await body(fixture, try await fixture.connect(to: "127.0.0.1:\(try fixture.basePort)"), server)
    }
    await server.close()
}
