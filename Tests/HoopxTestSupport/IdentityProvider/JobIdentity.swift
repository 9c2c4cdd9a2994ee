import NIOHTTP1

/// A job of GitHub Actions and the endpoint that gives it its identity, as the runner's toolkit asks it:
/// `GET $ACTIONS_ID_TOKEN_REQUEST_URL&audience=...` with `Authorization: Bearer $ACTIONS_ID_TOKEN_REQUEST_TOKEN`.
struct JobIdentity {
    let requestToken = RandomText.token()
    var claims: [String: JSONDocument] = [
        "sub": "repo:octo-org/octo-repo:ref:refs/heads/main", "repository": "octo-org/octo-repo",
        "repository_owner": "octo-org", "ref": "refs/heads/main", "ref_type": "branch", "run_id": "8123456789",
        "run_number": "42", "run_attempt": "1", "actor": "octocat", "workflow": "Agents", "event_name": "push",
        "job_workflow_ref": "octo-org/octo-repo/.github/workflows/agents.yml@refs/heads/main",
        "runner_environment": "github-hosted",
    ]

    /// What the platform takes where the request names no audience.
    var defaultAudience: String { "https://github.com/" + (claims["repository_owner"]?.string ?? "octo-org") }

    func admits(_ request: ReceivedRequest) -> Bool {
        // The scheme's case does not matter (RFC 9110, 11.1).
        ["Bearer " + requestToken, "bearer " + requestToken].map { [$0] }.contains(request.headers["authorization"])
    }
}
