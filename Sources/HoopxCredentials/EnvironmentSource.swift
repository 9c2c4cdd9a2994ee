import HoopxCore

/// A credential from hoopx's own environment, read once: the first of its variables that is set.
public struct EnvironmentSource: CredentialSource {
    public let name: String
    public let injection: CredentialInjection
    public let isLocal = true
    private let result: Result<Lease, HoopxError>

    /// - Parameters:
    ///   - variables: at least one, in the order of preference. A variable that is empty counts as unset, as clients
    ///     have it.
    ///   - environment: hoopx's own.
    public init(variables: [CredentialVariable], environment: [String: String]) {
        for variable in variables {
            guard let value = environment[variable.name], !value.isEmpty else { continue }
            let name = "the environment variable \(variable.name)"
            self.name = name
            injection = .header(variable.header)
            result = Result { () throws(HoopxError) in
                Lease(token: try TokenText.secret(from: value.utf8, of: name))
            }
            return
        }
        let names = variables.map(\.name).joined(separator: " or ")
        name = "the environment variable \(names)"
        injection = .header(variables.first?.header ?? .bearer)
        result = .failure(
            TokenText.error(name, "it is not set", hint: "set \(names) in the environment that hoopx runs in"))
    }

    public func lease() async throws(HoopxError) -> Lease { try result.get() }

    public func revoke(_ lease: Lease) async throws(HoopxError) -> Bool { false }
}
