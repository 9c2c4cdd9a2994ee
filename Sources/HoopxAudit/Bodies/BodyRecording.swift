/// Which way a body goes.
public enum BodyDirection: String, Sendable, CaseIterable {
    /// From the target to the upstream.
    case request
    /// From the upstream to the target.
    case response
}

/// One body that is being recorded. What is handed over has been masked.
///
/// Any thread may call it, an event loop too: pieces are put in a queue and worked on by the recorder's writer.
public final class BodyRecording: Sendable {
    /// Whether more of the body would be recorded: false once it is over or has reached the limit.
    public var isTaking: Bool { false }

    init() {}

    /// Takes the next piece of the body.
    ///
    /// - Parameters:
    ///   - masked: as it is to be recorded.
    ///   - microseconds: when it came, by a monotonic clock, since the request's head had been read.
    public func append(_ masked: [UInt8], at microseconds: Int64) {}

    /// The body is complete. What comes afterwards is dropped. The end of its request's record ends it too.
    public func finish() {}
}
