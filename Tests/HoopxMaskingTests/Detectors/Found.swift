import HoopxMasking

/// What the standard detectors find.
enum Found {
    static let engine: MaskingEngine = {
        do {
            return try MaskingEngine()
        } catch {
            fatalError("the standard detectors do not compile: \(error)")
        }
    }()

    /// Each as `ENTITY value`, in order.
    static func values(in text: String, mode: TextScanner.Mode = .text) -> [String] {
        let scanner = TextScanner(engine, mode: mode)
        var bytes = Array(text.utf8)
        bytes.withUnsafeMutableBytes { scanner.append(UnsafeRawBufferPointer($0)) }
        scanner.finish()
        var values: [String] = []
        for finding in scanner.findings {
            let value = String(decoding: bytes[finding.range], as: UTF8.self)
            if finding.isContinuation, let last = values.popLast() {
                values.append(last + value)
            } else {
                values.append("\(finding.entity) \(value)")
            }
        }
        return values
    }
}
