/// Waits until a condition holds, and looks again every few milliseconds; throws when the deadline has passed.
///
/// - Parameters:
///   - deadline: generous, so that a busy machine does not fail the test; it costs nothing where the condition holds.
///   - what: completes "waited 30 s for ...".
public func eventually(
    within deadline: Duration = .seconds(60), _ what: @autoclosure () -> String, _ condition: () async throws -> Bool
) async throws {
    let end = ContinuousClock.now + deadline
    while try await !condition() {
        guard ContinuousClock.now < end else { throw TestSupportError("waited \(deadline) for \(what())") }
        try await Task.sleep(for: .milliseconds(5))
    }
}
