import HoopxAudit
import HoopxConfiguration

extension AuditSettings {
    init(_ configuration: AuditConfiguration) {
        self.init(
            durability: configuration.durability == .full ? .full : .normal,
            recordsBodies: configuration.recordsBodies, bodyCapacity: configuration.maximumBody,
            checkpointInterval: Int64(configuration.checkpointInterval))
    }
}
