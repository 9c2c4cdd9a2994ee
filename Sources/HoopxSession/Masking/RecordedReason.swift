import HoopxConfiguration
import HoopxCore
import HoopxLinux

/// A person's own words that become part of the record: masked as all of it is.
public struct RecordedReason: Sendable {
    public let text: String

    /// - Parameters:
    ///   - configurationPath: the file to use instead of the user's own, or nil.
    ///   - environment: hoopx's own.
    public init(
        _ words: String, configurationPath: String?, environment: [String: String]
    ) throws(HoopxError) {
        let homes = FileProtection.homes(of: LocalUser.current(), environment: environment)
        let configuration = try Configuration.load(
            explicitPath: configurationPath, environment: environment, homeDirectory: homes.first ?? "/")
        text = try MaskingAssembly(configuration.masking, stateDirectory: nil).handling().recordMask(words)
    }
}
