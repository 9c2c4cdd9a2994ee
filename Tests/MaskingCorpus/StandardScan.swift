import HoopxCore
import HoopxMasking

extension DetectionQuality {
    /// Scans a document as a body of its kind would be.
    public static func findings(in document: LabelledDocument, _ engine: MaskingEngine) -> [Found] {
        let scanner = TextScanner(engine, mode: document.isJSON ? .json : .text)
        document.bytes.withUnsafeBytes { scanner.append($0) }
        scanner.finish()
        var found: [Found] = []
        for finding in scanner.findings {
            if finding.isContinuation, let last = found.popLast() {
                found.append(Found(entity: last.entity, range: last.range.lowerBound..<finding.range.upperBound))
            } else {
                found.append(Found(entity: finding.entity, range: finding.range))
            }
        }
        return found
    }

    public static func measure(_ documents: some Sequence<LabelledDocument>) throws(HoopxError) -> DetectionQuality {
        let engine = try MaskingEngine()
        var quality = DetectionQuality()
        for document in documents { quality.add(document, findings(in: document, engine)) }
        return quality
    }
}
