import HoopxCore
import HoopxIdentity

/// Whom a session acts for, made sure of.
public struct SessionIdentity: Sendable {
    public let principal: Principal
    /// Keeps the ID token fresh, once it is started; nil where nobody vouches for the principal.
    public let keeper: IdentityKeeper?

    init(_ principal: Principal, keeper: IdentityKeeper? = nil) {
        self.principal = principal
        self.keeper = keeper
    }
}
