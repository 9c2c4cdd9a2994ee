import HoopxTestSupport
import Testing

/// What a test can have the loopback provider's endpoints do instead of answering.
@Suite struct ProviderFaultTests {
    @Test func aFaultMeetsSoManyRequestsOfItsEndpointAndNoOther() async throws {
        try await withProvider { questions in
            let provider = questions.provider
            provider.setFault(.status(.internalServerError), at: .discovery, times: 2)
            #expect(try await questions.ask(.keys).status == 200)
            for status in [500, 500, 200] { #expect(try await questions.ask(.discovery).status == status) }
            provider.setFault(.drop, at: .keys)
            for _ in 0..<2 { #expect(try await questions.ask(.keys).status == 0) }
            provider.setFault(nil, at: .keys)
            #expect(try await questions.ask(.keys).status == 200)
            provider.setFault(.redirect(to: "http://127.0.0.1:1/"), at: .keys, times: 1)
            #expect(try await questions.ask(.keys).status == 302)
            provider.setFault(.html(), at: .token, times: 1)
            #expect(try await questions.post(.token, ["client_id": "hoopx"]).body == .null)
            #expect(provider.requests(to: .token).map { $0.form["client_id"] } == ["hoopx"])
            let gate = EventGate()
            provider.setFault(.hold(gate), at: .keys, times: 1)
            async let held = questions.ask(.keys)
            try await eventually("the request to come") { provider.requests(to: .keys).count == 6 }
            gate.open()
            #expect(try await held.status == 200)
        }
    }
}
