import HoopxCore
import HoopxIdentity
import HoopxLinux

/// The step of a run that makes sure whom it acts for: by what there is, else by a login at the terminal.
struct IdentityStep: Sendable {
    let resolution: IdentityResolution
    /// nil where there is no terminal to log in at.
    let presenter: (any LoginPresenter)?

    private static let doing = "making sure whom the session acts for"

    /// Waits for the network, and for a person where a login is needed.
    ///
    /// - Throws: where there is no identity and no way to one, and where a signal came first.
    func establish(until signals: borrowing SignalStream) throws(HoopxError) -> SessionIdentity {
        let outcome = try ForegroundWork.run(until: signals) { () async throws(HoopxError) in
            switch try await resolution.resolve() {
            case .established(let identity): return identity
            case .loginNeeded(let user, let reason): return try await logIn(user, because: reason)
            }
        }
        switch outcome {
        case .done(let identity): return identity
        case .interrupted(let signal):
            throw HoopxError(
                .interrupted(signal: signal.number), doing: Self.doing,
                found: "signal \(signal.number) ended it", hint: "the command has not run")
        }
    }

    private func logIn(_ user: UserIdentity, because reason: String) async throws(HoopxError) -> SessionIdentity {
        guard let presenter else {
            throw HoopxError(
                .startup, doing: Self.doing, found: "\(reason), and there is no terminal to log in at",
                hint: "log in with hoopx login first; in CI, hoopx-run(1) says how a job is known without a login")
        }
        let identity = try await user.login(presenter)
        return SessionIdentity(identity.principal, keeper: identity.keeper)
    }
}
