import Testing

@testable import HoopxCredentials

@Suite struct LeaseTermTests {
    /// In seconds: a lifetime, when the lease is refreshed, and when it is used for the last time.
    @Test(arguments: [(3_600, 3_480, 3_570), (240, 120, 210), (120, 60, 90), (40, 20, 30), (4, 2, 3)])
    func aShortLeaseServesMostOfItsLifeToo(lifetime: Int, refresh: Int, end: Int) {
        let start = ContinuousClock.now
        let term = LeaseTerm(lifetime: .seconds(lifetime), from: start, ahead: .seconds(120), reserve: .seconds(30))
        #expect(term.refreshAt == start + .seconds(refresh))
        #expect(term.expiresAt == start + .seconds(end))
    }

    @Test func nothingServesForMoreThanAYear() {
        let start = ContinuousClock.now
        let term = LeaseTerm(lifetime: .seconds(1e15), from: start, ahead: .seconds(120))
        #expect(term.expiresAt == start + LeaseTerm.longest)
    }
}
