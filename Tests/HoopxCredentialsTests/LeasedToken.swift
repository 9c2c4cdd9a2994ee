import HoopxCore

@testable import HoopxCredentials

extension Lease {
    /// The token of a lease that is one.
    var token: Secret {
        guard case .token(let token) = material else { return Secret("") }
        return token
    }
}
