import NIOCore
import NIOHTTP1
import Synchronization

/// The channel handlers that read HTTP/1.1, made in one place because of what must come before the first of them.
public enum HTTPDecoding {
    /// Reads requests with this much in their heads at most, in bytes.
    public static func ofRequests(largestHead: Int) -> ByteToMessageHandler<HTTPRequestDecoder> {
        ByteToMessageHandler(
            HTTPRequestDecoder(leftOverBytesStrategy: .dropBytes, limitConfiguration: limits(largestHead)))
    }

    /// Reads responses with this much in their heads at most, in bytes; informational ones too.
    public static func ofResponses(largestHead: Int) -> ByteToMessageHandler<HTTPResponseDecoder> {
        ByteToMessageHandler(
            HTTPResponseDecoder(
                leftOverBytesStrategy: .dropBytes, informationalResponseStrategy: .forward,
                limitConfiguration: limits(largestHead)))
    }

    private static func limits(_ largestHead: Int) -> NIOHTTPDecoderLimitConfiguration {
        var limits = NIOHTTPDecoderLimitConfiguration()
        limits.maxHeaderListSize = largestHead
        return limits
    }

    private static let isPrepared = Mutex(false)

    /// To be called before event loops may make the first of these handlers.
    ///
    /// Where several threads at once are the first to use such a type, Swift's runtime (seen with 6.3.1) can crash: to make
    /// the type of a handler it asks whether its decoder's class is of a protocol, looks at that class's superclass, and
    /// finds nothing yet where another thread is still making the class (`swift_conformsToProtocol`, a null pointer in
    /// `swift_checkMetadataState`). So one thread is the first.
    public static func prepare() {
        isPrepared.withLock { isPrepared in
            guard !isPrepared else { return }
            withExtendedLifetime((ofRequests(largestHead: 1024), ofResponses(largestHead: 1024))) {}
            isPrepared = true
        }
    }
}
