import HoopxCore

@testable import HoopxIdentity

extension UnverifiedIDToken {
    var text: String { compact.withValue { $0 } }
}

/// What a source throws, where it does.
func failure(of source: some WorkloadTokenSource, audience: String? = nil) async -> HoopxError? {
    do throws(HoopxError) {
        _ = try await source.token(audience: audience)
        return nil
    } catch {
        return error
    }
}
