import AsyncHTTPClient
import Glibc
import HoopxCore
import NIOCore
import NIOPosix

/// Why a control request has no response.
public struct ControlFailure: Error, Sendable, CustomStringConvertible {
    public enum Reason: Hashable, Sendable {
        /// Not sent at all.
        case refused(String)
        /// Not reached: the name, the network, the port.
        case unreachable(String)
        /// The certificate does not verify.
        case notTrusted(String)
        case timedOut(Duration)
        /// The response is longer than this many bytes.
        case tooLarge(Int)
        case cancelled
    }

    public let url: ControlURL
    public let reason: Reason

    init(_ request: ControlRequest, _ reason: Reason) {
        url = request.url
        self.reason = reason
    }

    /// Whether the same request may well succeed a moment later.
    public var isTransient: Bool {
        switch reason {
        case .unreachable, .timedOut: true
        case .refused, .notTrusted, .tooLarge, .cancelled: false
        }
    }

    /// What was found, for an error's text: "https://login.example.com/token did not answer within 10 s".
    public var description: String {
        switch reason {
        case .refused(let why): "\(url) was not asked: \(why)"
        case .unreachable(let why): "\(url) cannot be reached: \(why)"
        case .notTrusted(let why): "\(url) cannot be trusted: \(why)"
        case .timedOut(let limit): "\(url) did not answer within \(limit.components.seconds) s"
        case .tooLarge(let limit): "the answer of \(url) is longer than \(limit) bytes"
        case .cancelled: "the request to \(url) was cancelled"
        }
    }
}

extension ControlFailure.Reason {
    /// What an error of the network libraries means to a user.
    init(_ error: any Error, limit: Int, deadline: Duration) {
        switch error {
        case let error as HTTPClientError: self = Self.library(error, deadline: deadline)
        case is NIOTooManyBytesError: self = .tooLarge(limit)
        case is CancellationError: self = .cancelled
        case let error as HoopxError: self = .notTrusted(error.description)
        case let error as NIOConnectionError:
            if let first = error.connectionErrors.first {
                self = Self(first.error, limit: limit, deadline: deadline)
            } else {
                self = .unreachable("its name does not resolve")
            }
        case let error as IOError: self = .unreachable(String(cString: strerror(error.errnoCode)))
        default:
            if let fault = TLSFault(error) {
                self = fault.isDistrust ? .notTrusted(fault.found) : .unreachable("TLS fails: \(fault.found)")
            } else {
                self = .unreachable("the connection failed")
            }
        }
    }

    private static func library(_ error: HTTPClientError, deadline: Duration) -> ControlFailure.Reason {
        switch error {
        case .deadlineExceeded, .readTimeout, .connectTimeout, .tlsHandshakeTimeout, .httpProxyHandshakeTimeout:
            .timedOut(deadline)
        case .cancelled: .cancelled
        case .remoteConnectionClosed: .unreachable("the connection closed")
        case .proxyAuthenticationRequired: .unreachable("the company's proxy wants a login")
        default: .unreachable(error.shortDescription.lowercased())
        }
    }
}
