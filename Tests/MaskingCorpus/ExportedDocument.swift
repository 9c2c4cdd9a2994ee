extension LabelledDocument {
    /// As one line of JSON: `{"text": ..., "labels": [[start, end, entity, isPlain, isValue]]}`, offsets in UTF-8 bytes.
    public var exported: String {
        var text = ""
        for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            default: text.unicodeScalars.append(scalar)
            }
        }
        let listed = labels.map { label in
            "[\(label.range.lowerBound),\(label.range.upperBound),\"\(label.entity)\",\(label.isPlain),\(label.isValue)]"
        }
        return "{\"text\":\"\(text)\",\"labels\":[\(listed.joined(separator: ","))]}"
    }
}
