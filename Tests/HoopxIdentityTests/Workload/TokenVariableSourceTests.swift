import HoopxCore
import Testing

@testable import HoopxIdentity

@Suite struct TokenVariableSourceTests {
    @Test func theVariablesTokenIsGiven() throws {
        let source = TokenVariableSource(variable: "MY_TOKEN", environment: ["MY_TOKEN": " a.b.c\n"])
        #expect(try source.token(audience: nil).text == "a.b.c")
        #expect(source.method == .tokenVariable && source.defaultIssuer == nil)
        #expect(source.secretVariables == ["MY_TOKEN"] && !source.choosesAudience)
    }

    @Test func aGitLabJobsIssuerIsItsInstance() throws {
        let environment = ["HOOPX_ID_TOKEN": "a.b.c", "CI_SERVER_URL": "https://gitlab.example.com"]
        let source = TokenVariableSource.gitLab(environment: environment)
        #expect(try source.token(audience: nil).text == "a.b.c")
        #expect(source.method == .gitLabCI && source.defaultIssuer == "https://gitlab.example.com")
        #expect(source.secretVariables == ["HOOPX_ID_TOKEN"])
        #expect(TokenVariableSource.gitLab(environment: ["CI_SERVER_URL": ""]).defaultIssuer == nil)
    }

    @Test func aJobWithoutATokenLearnsHowToGetOne() async {
        let error = await failure(of: TokenVariableSource.gitLab(variable: "T", environment: ["T": ""]))
        #expect(error?.found == "it is not set")
        #expect(error?.hint == "give the job `id_tokens: {T: {aud: ...}}` in .gitlab-ci.yml, with hoopx's audience")
        let plain = await failure(of: TokenVariableSource(variable: "T", environment: [:]))
        #expect(plain?.hint == "set T to an ID token in the environment that hoopx runs in")
    }

    @Test func whatIsNoTokenIsNotShown() async {
        let error = await failure(of: TokenVariableSource(variable: "T", environment: ["T": "glpat-secret"]))
        #expect(error?.found == "it holds no ID token (a JWT of at most 16384 bytes)")
        #expect(error?.description.contains("secret") == false)
    }
}
