import HoopxCore
import HoopxOutbound
import Testing

@testable import HoopxIdentity

@Suite struct WorkloadPlatformTests {
    private static let gitHub = ["ACTIONS_ID_TOKEN_REQUEST_URL": "https://x/", "ACTIONS_ID_TOKEN_REQUEST_TOKEN": "t"]
    private static let gitLab = ["GITLAB_CI": "true", "HOOPX_ID_TOKEN": "a.b.c"]
    private static let all = WorkloadPlatform.Settings(tokenFile: "/token", tokenVariable: "T", hasClient: true)

    private func detected(
        _ environment: [String: String], _ settings: WorkloadPlatform.Settings = .init()
    ) -> WorkloadPlatform {
        .detect(environment: environment, settings: settings)
    }

    @Test func aPlatformComesBeforeWhatIsConfigured() {
        #expect(detected(Self.gitHub.merging(Self.gitLab) { $1 }, Self.all) == .gitHubActions)
        #expect(detected(Self.gitLab.merging(["T": "x"]) { $1 }, Self.all) == .gitLabCI(variable: "T"))
        #expect(detected(Self.gitLab) == .gitLabCI(variable: "HOOPX_ID_TOKEN"))
    }

    @Test func aFileComesBeforeAVariableAndThatBeforeALogin() {
        #expect(detected([:], Self.all) == .tokenFile("/token"))
        #expect(detected([:], .init(tokenVariable: "T", hasClient: true)) == .tokenVariable("T"))
        #expect(detected([:], .init(hasClient: true)) == .oidc)
        #expect(detected([:]) == .local)
    }

    @Test func halfAPlatformIsNone() {
        for name in Self.gitHub.keys {
            #expect(detected(Self.gitHub.filter { $0.key != name }) == .local)
            #expect(detected(Self.gitHub.merging([name: ""]) { $1 }) == .local)
        }
        #expect(detected(["GITLAB_CI": "true"], .init(hasClient: true)) == .oidc)
        #expect(detected(["GITLAB_CI": "false", "HOOPX_ID_TOKEN": "a.b.c"]) == .local)
        #expect(detected(["HOOPX_ID_TOKEN": "a.b.c"]) == .local)
    }

    @Test func eachPlatformHasItsSource() throws {
        let client = ControlClient(trust: UpstreamTrust(environment: [:]), proxies: try ProxyEnvironment([:]))
        let method: (WorkloadPlatform) -> Principal.Verification.Method? = {
            $0.source(environment: [:], client: client)?.method
        }
        #expect(method(.gitHubActions) == .gitHubActions)
        #expect(method(.gitLabCI(variable: "T")) == .gitLabCI)
        #expect(method(.tokenFile("/token")) == .tokenFile)
        #expect(method(.tokenVariable("T")) == .tokenVariable)
        #expect(method(.oidc) == nil && method(.local) == nil)
    }

    @Test func aRunsClaimsAreNamed() {
        #expect(WorkloadPlatform.gitHubActions.defaultClaims["run_id"] == "run_id")
        #expect(WorkloadPlatform.gitHubActions.defaultClaims.count == 9)
        #expect(WorkloadPlatform.gitLabCI(variable: "T").defaultClaims["project_path"] == "project_path")
        #expect(WorkloadPlatform.tokenFile("/t").defaultClaims["pod"] == "kubernetes.io.pod.name")
        #expect(WorkloadPlatform.local.defaultClaims.isEmpty)
    }
}
