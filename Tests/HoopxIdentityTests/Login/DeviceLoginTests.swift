import Foundation
import HoopxCore
import HoopxTestSupport
import Synchronization
import Testing

@testable import HoopxIdentity

struct DeviceLoginTests {
    @Test func aPersonWhoConfirmsIsLoggedInWithAVerifiedToken() async throws {
        try await LoginFixture.run {
            $0.script = .approve(subject: "alice", afterPolls: 2)
        } _: { fixture in
            let shown = Mutex<[DeviceAuthorization]>([])
            let grant = try await fixture.logIn { shown.appending($0) }
            #expect(grant.idToken.subject == "alice")
            #expect(grant.idToken.issuer == fixture.provider.issuer)
            #expect(grant.refreshToken != nil)
            #expect(fixture.clock.sleeps == [.seconds(5), .seconds(5), .seconds(5)])
            let authorizations = shown.withLock { $0 }
            #expect(authorizations.map(\.userCode) == fixture.provider.userCodes)
            #expect(authorizations.first?.verificationURI == fixture.provider.issuer + "/device")
            #expect(authorizations.first?.verificationURIComplete?.hasSuffix(fixture.provider.userCodes[0]) == true)
        }
    }

    @Test func theProofKeyIsSentWhereTheProviderKnowsItAndNotElsewhere() async throws {
        try await LoginFixture.run {
            $0.requiresPKCE = true
        } _: { fixture in
            _ = try await fixture.logIn()
            let question = try #require(fixture.provider.requests(to: .token).first?.text)
            #expect(question.contains("code_verifier="))
        }
        try await LoginFixture.run {
            $0.supportsPKCE = false
        } _: { fixture in
            _ = try await fixture.logIn()
            let forms = fixture.provider.server.requests.map(\.text).joined()
            #expect(!forms.contains("code_challenge") && !forms.contains("code_verifier"))
        }
    }

    @Test func aConfidentialClientSendsItsSecretInTheForm() async throws {
        try await LoginFixture.run(clientSecret: "s e&cret") { _ in
        } _: { fixture in
            let grant = try await fixture.logIn()
            #expect(grant.idToken.subject == "alice")
            #expect(fixture.provider.requests(to: .deviceAuthorization)[0].text.contains("client_secret=s%20e%26cret"))
        }
    }

    @Test func theNonceOfAnotherLoginIsRefused() async throws {
        try await LoginFixture.run {
            $0.changeIDToken = { $0["nonce"] = "another" }
        } _: { fixture in
            let error = try await fixture.refusedLogIn()
            #expect(error.found.contains("nonce"))
        }
    }

    @Test func aProviderThatDoesNotKnowNoncesIsNoFailure() async throws {
        try await LoginFixture.run {
            $0.changeIDToken = { $0["nonce"] = nil }
        } _: { fixture in
            let grant = try await fixture.logIn()
            #expect(grant.idToken.subject == "alice")
        }
    }

    @Test func aProviderWhoseFirstIDTokenComesWithARefreshIsRefreshedAtOnce() async throws {
        try await LoginFixture.run {
            $0.deviceGrantReturnsIDToken = false
        } _: { fixture in
            let grant = try await fixture.logIn()
            #expect(grant.idToken.subject == "alice")
            let refreshToken = try #require(grant.refreshToken?.withValue { $0 })
            #expect(fixture.provider.isLive(refreshToken: refreshToken))
        }
        try await LoginFixture.run {
            $0.deviceGrantReturnsIDToken = false
            $0.refreshReturnsIDToken = false
        } _: { fixture in
            let refusal = try await fixture.refusedLogIn()
            #expect(refusal.found == "the provider gave no ID token")
        }
    }

    @Test func slowDownIsObeyed() async throws {
        try await LoginFixture.run {
            $0.slowDowns = 2
        } _: { fixture in
            _ = try await fixture.logIn()
            #expect(fixture.clock.sleeps == [.seconds(5), .seconds(10), .seconds(15)])
        }
    }

    /// There are providers that refuse with 200, and Auth0 says slow_down with 429.
    @Test func theErrorCodeCountsWhateverTheStatusIs() async throws {
        try await LoginFixture.run {
            $0.script = .approve(subject: "alice", afterPolls: 1)
        } _: { fixture in
            let slowDown = ProviderFault.status(.tooManyRequests, #"{"error":"slow_down"}"#)
            fixture.provider.setFault(slowDown, at: .token, times: 1)
            _ = try await fixture.logIn()
            #expect(fixture.clock.sleeps == [.seconds(5), .seconds(10), .seconds(10)])
            let pending = ProviderFault.status(.ok, #"{"error":"authorization_pending"}"#)
            fixture.provider.setFault(pending, at: .token, times: 1)
            #expect(try await fixture.logIn().idToken.subject == "alice")
        }
    }

    @Test func aRefreshTokenThatNoRequestCanCarryIsNotTaken() async throws {
        try await LoginFixture.run {
            $0.changeTokenResponse = { $0["refresh_token"] = "a\r\nb" }
        } _: { fixture in
            let error = try await fixture.refusedLogIn()
            #expect(error.found.contains("a refresh_token of visible characters is expected"))
        }
    }

    @Test func troubleOnTheWayDelaysALoginAndDoesNotEndIt() async throws {
        try await LoginFixture.run { fixture in
            fixture.provider.setFault(.status(.serviceUnavailable), at: .deviceAuthorization, times: 2)
            fixture.provider.setFault(.drop, at: .token, times: 2)
            let grant = try await fixture.logIn()
            #expect(grant.idToken.subject == "alice")
            #expect(fixture.clock.sleeps == [1, 2, 5, 10, 20].map { .seconds($0) })
        }
    }

    @Test func tooManyRequestsIsTroubleToo() async throws {
        try await LoginFixture.run { fixture in
            fixture.provider.setFault(.status(.tooManyRequests), at: .token, times: 1)
            let grant = try await fixture.logIn()
            #expect(grant.idToken.subject == "alice")
        }
    }

    @Test func aPersonWhoRefusesEndsIt() async throws {
        try await LoginFixture.run {
            $0.script = .deny()
        } _: { fixture in
            let error = try await fixture.refusedLogIn()
            #expect(error.doing == "logging in to \(fixture.provider.issuer)")
            #expect(error.found.contains("refused") && error.found.contains("access_denied"))
        }
    }

    @Test func aCodeThatNobodyConfirmsExpires() async throws {
        try await LoginFixture.run {
            $0.script = .wait
            $0.deviceCodeLifetime = 23
        } _: { fixture in
            let error = try await fixture.refusedLogIn()
            #expect(error.found.contains("expired before anybody confirmed"))
            #expect(fixture.clock.sleeps == [5, 5, 5, 5, 3].map { .seconds($0) })
        }
    }

    @Test func aProviderThatStaysAwayIsNamedWhenTheCodeExpires() async throws {
        try await LoginFixture.run {
            $0.deviceCodeLifetime = 60
        } _: { fixture in
            fixture.provider.setFault(.status(.badGateway, "<html>", type: "text/html"), at: .token)
            let error = try await fixture.refusedLogIn()
            #expect(error.found.contains("\(fixture.provider.issuer)/token answered 502 with text/html"))
        }
    }

    @Test(arguments: [ProviderEndpoint.deviceAuthorization, .token])
    func aPageInsteadOfAnAnswerIsOneClearError(at endpoint: ProviderEndpoint) async throws {
        try await LoginFixture.run { fixture in
            fixture.provider.setFault(.html(), at: endpoint)
            let error = try await fixture.refusedLogIn()
            #expect(error.doing == "logging in to \(fixture.provider.issuer)")
            #expect(
                error.found
                    == "\(fixture.provider.issuer)\(endpoint.rawValue) answered 200 with text/html, where a JSON"
                    + " object is expected")
            #expect(fixture.provider.requests(to: endpoint).count == 1)
        }
    }

    @Test(arguments: [ProviderEndpoint.deviceAuthorization, .token])
    func aHugeAnswerAndARedirectEndIt(at endpoint: ProviderEndpoint) async throws {
        try await LoginFixture.run { fixture in
            fixture.provider.setFault(.huge(2 << 20), at: endpoint)
            let huge = try await fixture.refusedLogIn()
            #expect(huge.found.contains("longer than"))
            fixture.provider.setFault(.redirect(to: fixture.provider.issuer + "/keys"), at: endpoint)
            let redirect = try await fixture.refusedLogIn()
            #expect(redirect.found.contains("redirects are not followed"))
            #expect(fixture.provider.requests(to: endpoint).count == 2)
        }
    }

    @Test func anUnknownClientIsToldWhatToLookAt() async throws {
        try await LoginFixture.run(clientSecret: "right") { _ in
        } _: { fixture in
            let stranger = LoginFixture(
                provider: fixture.provider, clock: fixture.clock, control: fixture.control, secret: Secret("wrong-one"))
            let error = try await stranger.refusedLogIn()
            #expect(error.found.contains("invalid_client"))
            #expect(error.hint?.contains("identity.client_id") == true)
            #expect(!"\(error)".contains("wrong-one"))
        }
    }

    @Test func aProviderWithoutDeviceLoginsIsNamed() async throws {
        try await LoginFixture.run {
            $0.changeDiscovery = { $0["device_authorization_endpoint"] = nil }
        } _: { fixture in
            let error = try await fixture.refusedLogIn()
            #expect(error.found.contains("device_authorization_endpoint"))
        }
    }

    @Test func anAnswerWithoutAnIDTokenIsNoLogin() async throws {
        try await LoginFixture.run {
            $0.changeTokenResponse = { $0["id_token"] = nil }
        } _: { fixture in
            let error = try await fixture.refusedLogIn()
            #expect(error.hint?.contains("openid") == true)
        }
    }

    @Test func aTokenThatDoesNotVerifyIsNoLogin() async throws {
        try await LoginFixture.run {
            $0.changeIDToken = { $0["aud"] = "somebody-else" }
        } _: { fixture in
            let error = try await fixture.refusedLogIn()
            #expect(error.description.contains("somebody-else"))
        }
    }

    @Test func aCancelledLoginEndsAtOnce() async throws {
        try await LoginFixture.run(clock: LoginClock()) {
            $0.script = .wait
        } _: { fixture in
            let login = Task { try await fixture.logIn() }
            try await eventually("the login to wait") { fixture.clock.sleeperCount == 1 }
            login.cancel()
            await #expect(throws: HoopxError.self) { try await login.value }
        }
    }

    @Test func noErrorHoldsACodeOrAToken() async throws {
        try await LoginFixture.run {
            $0.script = .deny()
        } _: { fixture in
            let error = try await fixture.refusedLogIn()
            let form = try #require(fixture.provider.requests(to: .token).first?.text)
            let fields = form.split(separator: "&").map { $0.split(separator: "=") }
            let secrets = fields.filter { $0[0] == "device_code" || $0[0] == "code_verifier" }.map { String($0[1]) }
            #expect(secrets.count == 2)
            for secret in secrets { #expect(!"\(error) \(error.hint ?? "")".contains(secret)) }
        }
    }
}

extension Mutex where Value == [DeviceAuthorization] {
    fileprivate func appending(_ authorization: DeviceAuthorization) { withLock { $0.append(authorization) } }
}
