import HoopxCore
import NIOHTTP1

/// A request that hoopx answers itself: the denial, and how HTTP says it.
struct Refusal: Error {
    let denial: Denial
    let status: HTTPResponseStatus
    /// Whether nothing more can be read from the client: where the request ends is not certain.
    let closesConnection: Bool

    init(_ denial: Denial, status: HTTPResponseStatus = .forbidden, closesConnection: Bool = false) {
        self.denial = denial
        self.status = status
        self.closesConnection = closesConnection
    }

    static func malformed(_ what: String, rule: String) -> Refusal {
        Refusal(
            Denial(
                code: .malformedRequest, layer: .proxy, rule: rule, subject: "a request that cannot be read: \(what)",
                hint: "hoopx reads HTTP/1.1 strictly (RFC 9112), so that no server can read a request differently"),
            status: .badRequest, closesConnection: true)
    }
}

extension String {
    /// At most 120 characters of visible ASCII: what a hostile process said must not act on a terminal, nor fill one.
    var printable: String {
        var text = ""
        for scalar in unicodeScalars {
            guard text.utf8.count < 120 else { return text + "..." }
            text.unicodeScalars.append((0x20...0x7e).contains(scalar.value) ? scalar : "?")
        }
        return text
    }
}
