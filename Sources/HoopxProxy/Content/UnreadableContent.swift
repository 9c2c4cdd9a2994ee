import HoopxAudit
import HoopxCore
import HoopxMasking

/// Why the content of a body cannot be looked at.
enum UnreadableContent: Error, Equatable, CustomStringConvertible {
    case encoding(ContentDecoder.Failure)
    /// Messages in binary frames of a given length (Amazon's event streams, gRPC).
    case binaryFrames
    /// A part of what a whole response would hold (206).
    case part

    var description: String {
        switch self {
        case .encoding(.unknownCoding(let coding)): "its content coding \"\(coding.printable)\" is unknown"
        case .encoding(.malformed): "it is not what its content coding says"
        case .encoding(.tooLarge): "it grows beyond what is looked at when its content coding is undone"
        case .binaryFrames: "its media type frames messages in binary"
        case .part: "it is a part of a whole"
        }
    }
}

extension Refusal {
    /// - Parameter setting: the key of the configuration that asks for it: `masking.response`.
    static func unreadable(
        _ reason: UnreadableContent, _ direction: BodyDirection, setting: String, subject: String,
        closesConnection: Bool = false
    ) -> Refusal {
        let what = "the \(direction.rawValue)'s body cannot be masked: \(reason)"
        let hint =
            direction == .request
            ? "\(what); send it as it is, or in gzip, deflate, br or zstd, or set \(setting): off"
            : "\(what); ask for Accept-Encoding: identity, or set \(setting): off"
        return Refusal(
            Denial(code: .contentUnreadable, layer: .masking, rule: setting, subject: subject, hint: hint),
            status: direction == .request ? .unsupportedMediaType : .badGateway, closesConnection: closesConnection)
    }
}
