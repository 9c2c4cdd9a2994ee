import NIOCore
import NIOHTTP1

/// One step of a loopback server's answer. An answer is a list of them, carried out in order.
public enum ResponseStep: Sendable {
    case head(HTTPResponseStatus, HTTPHeaders)
    /// Written and flushed as one piece.
    case bytes([UInt8])
    /// So many bytes of filling, sent as fast as the client reads.
    case filling(Int)
    /// Waits until the test opens the gate.
    case gate(EventGate)
    case pause(TimeAmount)
    case end(HTTPHeaders?)
    /// Closes the connection as it is.
    case abort
    /// Sends nothing more, and waits for the other side to close.
    case endOutput

    public static func text(_ text: String) -> ResponseStep { .bytes(Array(text.utf8)) }
}

extension [ResponseStep] {
    /// A whole answer of fixed length.
    public static func answer(
        _ body: String, status: HTTPResponseStatus = .ok, type: String = "application/json", headers: HTTPHeaders = [:]
    ) -> [ResponseStep] {
        var headers = headers
        headers.add(name: "content-type", value: type)
        headers.add(name: "content-length", value: String(body.utf8.count))
        return body.isEmpty ? [.head(status, headers), .end(nil)] : [.head(status, headers), .text(body), .end(nil)]
    }
}
