/// What the Claude API wants to know of a workload identity federation.
public struct AnthropicFederationSettings: Hashable, Sendable {
    /// `fdrl_...`; required in the end.
    public let federationRuleID: String?
    /// Required in the end.
    public let organizationID: String?
    public let serviceAccountID: String?
    public let workspaceID: String?

    public init(
        federationRuleID: String?, organizationID: String?, serviceAccountID: String? = nil, workspaceID: String? = nil
    ) {
        self.federationRuleID = federationRuleID
        self.organizationID = organizationID
        self.serviceAccountID = serviceAccountID
        self.workspaceID = workspaceID
    }

    /// The settings that the public variables of Anthropic's SDKs hold. An empty one counts as unset.
    ///
    /// - Parameter environment: hoopx's own.
    public init(environment: [String: String]) {
        let value: (String) -> String? = { name in environment[name].flatMap { $0.isEmpty ? nil : $0 } }
        self.init(
            federationRuleID: value("ANTHROPIC_FEDERATION_RULE_ID"), organizationID: value("ANTHROPIC_ORGANIZATION_ID"),
            serviceAccountID: value("ANTHROPIC_SERVICE_ACCOUNT_ID"), workspaceID: value("ANTHROPIC_WORKSPACE_ID"))
    }

    /// These, and the others' where one is absent.
    public func completed(by others: AnthropicFederationSettings) -> AnthropicFederationSettings {
        AnthropicFederationSettings(
            federationRuleID: federationRuleID ?? others.federationRuleID,
            organizationID: organizationID ?? others.organizationID,
            serviceAccountID: serviceAccountID ?? others.serviceAccountID,
            workspaceID: workspaceID ?? others.workspaceID)
    }
}
