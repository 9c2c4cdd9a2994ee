extension Detector {
    /// The detectors that come with hoopx.
    public static let standard: [Detector] = []
}
