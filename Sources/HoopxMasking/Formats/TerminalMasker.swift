/// Masks what a program writes to its terminal, and keeps the terminal's language (ECMA-48): escape sequences stay.
///
/// A value is found when nothing but colours and the like stands inside of it. What moves the cursor counts as a blank:
/// it can stand where one would, but a value whose digits a program draws at several places is not put together. The
/// strings of sequences (titles, links) are looked into too, each as a text of its own.
///
/// Not `Sendable`: it belongs to whoever reads the terminal. Its output does not depend on how the input was cut.
public final class TerminalMasker {
    private let session: MaskingSession
    private let plan: MaskingPlan
    private let visible: TextScanner
    private let string: TextScanner
    private var language = TerminalLanguage()

    /// What is not given out yet. Offsets count from the first byte ever.
    private var held: [UInt8] = []
    private var heldStart = 0
    private var received = 0
    /// How many bytes came since the last that shows.
    private var unseen = 0
    /// Where the scanned texts stand in the input.
    private var visibleMap = TextPlaces()
    private var stringMap = TextPlaces()
    /// In no order; their ranges do not overlap.
    private var edits: [Edit] = []

    /// In bytes.
    private static let maximumUnseen = 4_096

    private struct Edit {
        let range: Range<Int>
        let bytes: [UInt8]
    }

    /// - Parameter plan: which operator each entity gets.
    public init(_ session: MaskingSession, plan: MaskingPlan) {
        self.session = session
        self.plan = plan
        visible = TextScanner(session.engine, mode: .text)
        string = TextScanner(session.engine, mode: .text)
    }

    /// How many bytes were taken that are not given out yet.
    public var heldCount: Int { held.count }

    /// Takes what was written next, and appends what is settled by it.
    public func append(_ bytes: UnsafeRawBufferPointer, into output: inout [UInt8]) {
        held += bytes
        var position = 0
        while position < bytes.count {
            let piece = language.next(in: bytes, from: position)
            let place = received + piece.range.lowerBound
            let part = UnsafeRawBufferPointer(rebasing: bytes[piece.range])
            switch piece.kind {
            case .text:
                unseen = 0
                feed(part, to: visible, at: place, map: &visibleMap)
            case .string:
                feed(part, to: string, at: place, map: &stringMap)
                pass(part.count, at: place)
            case .stringEnd:
                endString()
                pass(1, at: place)
            case .movement:
                unseen = 0
                addBlank(at: place)
            case .silent: pass(1, at: place)
            }
            position = piece.range.upperBound
        }
        received += bytes.count
        release(upTo: settled, into: &output)
    }

    /// Appends the rest: nothing more is written.
    public func finish(into output: inout [UInt8]) {
        endString()
        visible.finish()
        collect(visible, &visibleMap)
        release(upTo: received, into: &output)
    }

    private var settled: Int {
        min(
            visibleMap.place(of: visible.settled, otherwise: received),
            stringMap.place(of: string.settled, otherwise: received))
    }

    private func feed(
        _ bytes: UnsafeRawBufferPointer, to scanner: TextScanner, at place: Int, map: inout TextPlaces
    ) {
        map.add(bytes.count, at: place)
        scanner.append(bytes)
        collect(scanner, &map)
    }

    private func addBlank(at place: Int) {
        visibleMap.addBlank(at: place)
        withUnsafeBytes(of: UInt8(ascii: " ")) { visible.append($0) }
        collect(visible, &visibleMap)
    }

    /// Passes over what does not show. Where there is much of it, it parts what shows: a value that was held back for the
    /// end of it would be held back without end.
    private func pass(_ count: Int, at place: Int) {
        unseen += count
        while unseen >= Self.maximumUnseen {
            unseen -= Self.maximumUnseen
            addBlank(at: place + count - unseen - 1)
        }
    }

    private func endString() {
        string.finish()
        collect(string, &stringMap)
        string.reset()
        stringMap = TextPlaces()
    }

    private func collect(_ scanner: TextScanner, _ map: inout TextPlaces) {
        for finding in scanner.findings {
            let replacement = session.replacements.replacement(
                for: finding.entity, by: plan[finding.entity], spelling: finding.value, value: finding.value)
            guard let replacement else { continue }
            for (index, part) in map.places(of: finding.range).enumerated() {
                // Where it begins; a value that is reported piecewise begins once.
                edits.append(Edit(range: part, bytes: index == 0 && !finding.isContinuation ? replacement : []))
            }
        }
        scanner.findings.removeAll(keepingCapacity: true)
        map.forget(before: scanner.settled)
    }

    private func release(upTo end: Int, into output: inout [UInt8]) {
        edits.sort { $0.range.lowerBound < $1.range.lowerBound }
        let due = edits.prefix { $0.range.upperBound <= end }
        var position = heldStart
        for edit in due {
            output += held[position - heldStart..<edit.range.lowerBound - heldStart]
            output += edit.bytes
            position = edit.range.upperBound
        }
        edits.removeFirst(due.count)
        let next = max(position, min(end, edits.first?.range.lowerBound ?? end))
        output += held[position - heldStart..<next - heldStart]
        held.removeFirst(next - heldStart)
        heldStart = next
    }
}
