/// Signed checkpoints one after the other, an empty line behind each, as an anchor's file holds them.
public struct CheckpointSequence: Sendable {
    /// A part of the text, and the line that it begins at, from 1.
    public struct Entry: Sendable {
        public let line: Int
        public let result: Result<SignedCheckpoint, MalformedNote>
    }

    public let entries: [Entry]

    /// Reads what there is. What is no checkpoint is an entry of its own, and the next is looked for behind it.
    public init(_ text: String) {
        var entries: [Entry] = []
        var texts: (line: Int, lines: [Substring])?
        for paragraph in Self.paragraphs(of: text) {
            let isSignatures = paragraph.lines.first?.hasPrefix("\u{2014} ") == true
            if let body = texts {
                texts = nil
                if isSignatures {
                    let note = (body.lines + [""] + paragraph.lines).map { $0 + "\n" }.joined()
                    entries.append(
                        Entry(
                            line: body.line, result: Result { () throws(MalformedNote) in try SignedCheckpoint(note) }))
                    continue
                }
                entries.append(Entry(line: body.line, result: .failure(MalformedNote("it has no signatures"))))
            }
            if isSignatures {
                entries.append(
                    Entry(line: paragraph.line, result: .failure(MalformedNote("it is signatures without a text"))))
            } else {
                texts = paragraph
            }
        }
        if let body = texts {
            entries.append(Entry(line: body.line, result: .failure(MalformedNote("it has no signatures"))))
        }
        self.entries = entries
    }

    private static func paragraphs(of text: String) -> [(line: Int, lines: [Substring])] {
        var paragraphs: [(line: Int, lines: [Substring])] = []
        var isInside = false
        // By bytes: a Character could hide a line feed.
        let lines = text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        for (index, line) in lines.enumerated() {
            if line.isEmpty {
                isInside = false
            } else if isInside {
                paragraphs[paragraphs.count - 1].lines.append(Substring(line))
            } else {
                paragraphs.append((index + 1, [Substring(line)]))
                isInside = true
            }
        }
        return paragraphs
    }
}

/// A checkpoint as it was signed.
public struct SignedCheckpoint: Hashable, Sendable {
    public let note: SignedNote
    /// Of the note. It counts for nothing until a signature was verified.
    public let checkpoint: Checkpoint

    public init(_ note: SignedNote) throws(MalformedNote) {
        self.note = note
        checkpoint = try Checkpoint(note)
    }

    public init(_ encoded: String) throws(MalformedNote) { try self.init(SignedNote(encoded)) }
}
