import HoopxConfiguration
import HoopxCore
import HoopxMasking
import HoopxProxy

/// Makes of the configuration what masks a run's bodies and its record. The detectors are compiled beside the rest of the
/// start.
struct MaskingAssembly {
    private let configuration: MaskingConfiguration
    private let engine: EngineLoading

    /// Begins to compile.
    ///
    /// - Parameter stateDirectory: where what was compiled is kept for later runs; nil where nothing is to be made there.
    /// - Throws: where the process may have no more threads.
    init(_ configuration: MaskingConfiguration, stateDirectory: String?) throws(HoopxError) {
        self.configuration = configuration
        engine = try EngineLoading(
            configuration, stateDirectory.map { DetectorDatabaseCache(directory: "\($0)/detectors") })
    }

    /// Waits for the detectors.
    ///
    /// - Throws: where one cannot be compiled, or the configuration names an entity that nothing finds.
    func handling() throws(HoopxError) -> ContentHandling {
        ContentHandling(
            session: MaskingSession(engine: try engine.value()),
            record: plan(configuration.record),
            request: configuration.request.map { plan($0, pseudonymizes: true) },
            response: configuration.response.map { plan($0) })
    }

    /// What is masked where, by the words of the configuration.
    var description: String {
        "record \(configuration.record.rawValue), requests \(configuration.request?.rawValue ?? "off"), "
            + "responses \(configuration.response?.rawValue ?? "off")"
    }

    /// Pseudonyms are for what goes to an upstream alone: elsewhere, the standard operator takes their place.
    private func plan(_ standard: MaskingConfiguration.Operator, pseudonymizes: Bool = false) -> MaskingPlan {
        let rules = configuration.entities.filter { pseudonymizes || $0.operator != .pseudonym }
        return MaskingPlan(
            standard: MaskingOperator(standard),
            byEntity: Dictionary(
                rules.map { (EntityType(rawValue: $0.entity), MaskingOperator($0.operator)) },
                uniquingKeysWith: { first, _ in first }))
    }
}

extension MaskingOperator {
    init(_ configured: MaskingConfiguration.Operator) {
        self =
            switch configured {
            case .redact: .redact
            case .mask: .mask
            case .hash: .hash
            case .pseudonym: .pseudonym
            case .keep: .keep
            }
    }
}

extension ContentHandling {
    /// What every text of the record goes through.
    var recordMask: @Sendable (String) -> String {
        let (session, plan) = (session, record)
        return { session.masked($0, by: plan) }
    }
}
