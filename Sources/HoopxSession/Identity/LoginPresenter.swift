import HoopxIdentity

/// Tells a person how to confirm a login.
public protocol LoginPresenter: Sendable {
    /// Called once, on any thread, when the login waits for the person.
    ///
    /// - Parameter issuer: the identity provider's URL.
    func present(_ authorization: DeviceAuthorization, issuer: String)
}
