import Glibc
import HoopxCore
import HoopxOutbound
import NIOCore
import NIOPosix

extension UpstreamFailure {
    /// What an error of the network libraries means to a user.
    init(_ error: any Error) {
        switch error {
        case let failure as UpstreamFailure: self = failure
        case let error as HoopxError: self = .unreachable(error.description)
        case let error as NIOConnectionError: self = Self.connecting(error)
        case let error as IOError: self = .unreachable(String(cString: strerror(error.errnoCode)))
        case is UpstreamResolver.AddressNotAllowed: self = .addressNotAllowed
        case let error as ChannelError: self = Self.channel(error)
        default:
            if let fault = TLSFault(error) {
                self = fault.isDistrust ? .notTrusted(fault.found) : .unreachable("TLS fails: \(fault.found)")
            } else {
                self = .unreachable("\(error)")
            }
        }
    }

    private static func connecting(_ error: NIOConnectionError) -> UpstreamFailure {
        let lookups = [error.dnsAError, error.dnsAAAAError].compactMap { $0 }
        if let first = error.connectionErrors.first { return UpstreamFailure(first.error) }
        if lookups.contains(where: { $0 is UpstreamResolver.AddressNotAllowed }) { return .addressNotAllowed }
        let reason = lookups.lazy.compactMap { $0 as? UpstreamResolver.LookupFailed }.first?.description
        return .unreachable("its name does not resolve: \(reason ?? "no address")")
    }

    private static func channel(_ error: ChannelError) -> UpstreamFailure {
        if case .connectTimeout = error { return .unreachable("it did not answer in time") }
        return .unreachable("the connection closed")
    }
}

extension EventLoopFuture {
    /// Turns whatever failed into an `UpstreamFailure`.
    func mappingFailure() -> EventLoopFuture<Value> {
        flatMapErrorThrowing { throw UpstreamFailure($0) }
    }
}
