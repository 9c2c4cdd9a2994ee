/// Reads what a program writes to its terminal: text, and the sequences between (ECMA-48, and what xterm made of it).
struct TerminalLanguage {
    enum Kind: Hashable {
        /// What shows, line breaks and tabs included.
        case text
        /// A part of a string within a sequence: a title, a link.
        case string
        /// The end of such a string.
        case stringEnd
        /// A sequence that moves the cursor or changes what shows elsewhere; told once, at its end.
        case movement
        /// What does neither: colours, modes, the frame of a sequence.
        case silent
    }

    private enum State {
        case ground
        case escape
        case escapeIntermediate
        case control
        case string
        case stringEscape
    }

    private var state = State.ground

    /// The next piece: all of it is of one kind.
    ///
    /// - Parameter position: before the bytes' end.
    mutating func next(in bytes: UnsafeRawBufferPointer, from position: Int) -> (kind: Kind, range: Range<Int>) {
        let kind = take(bytes[position])
        guard kind == .text || kind == .string else { return (kind, position..<position + 1) }
        // The rest of the run: only these kinds have long ones.
        var end = position + 1
        if kind == .text {
            while end < bytes.count, Self.isText(bytes[end]) { end += 1 }
        } else {
            while end < bytes.count, bytes[end] >= 0x20, bytes[end] != 0x7f { end += 1 }
        }
        return (kind, position..<end)
    }

    private mutating func take(_ byte: UInt8) -> Kind {
        switch state {
        case .ground:
            if Self.isText(byte) { return .text }
            if byte == Self.escape { state = .escape }
            return byte == Self.backspace ? .movement : .silent
        case .string:
            switch byte {
            case Self.escape:
                state = .stringEscape
                return .silent
            case Self.bell, Self.cancel, Self.substitute:
                state = .ground
                return .stringEnd
            case 0x20..., Self.tab, Self.lineFeed, Self.carriageReturn: return .string
            default: return .silent
            }
        case .stringEscape:
            // ESC \ ends it; any other sequence does too, and begins.
            state = .escape
            if byte == UInt8(ascii: "\\") {
                state = .ground
                return .stringEnd
            }
            _ = takeInSequence(byte)
            return .stringEnd
        case .escape, .escapeIntermediate, .control: return takeInSequence(byte)
        }
    }

    private mutating func takeInSequence(_ byte: UInt8) -> Kind {
        switch byte {
        case Self.escape:
            state = .escape
            return .silent
        case Self.cancel, Self.substitute:
            state = .ground
            return .silent
        // Control characters work within a sequence too.
        case Self.lineFeed, Self.carriageReturn, Self.backspace, Self.tab, 0x0b, 0x0c: return .movement
        case 0..<0x20, 0x7f: return .silent
        default: break
        }
        switch (state, byte) {
        case (.escape, UInt8(ascii: "[")):
            state = .control
            return .silent
        case (.escape, UInt8(ascii: "]")), (.escape, UInt8(ascii: "P")), (.escape, UInt8(ascii: "X")),
            (.escape, UInt8(ascii: "^")), (.escape, UInt8(ascii: "_")):
            state = .string
            return .silent
        case (.escape, 0x20...0x2f), (.escapeIntermediate, 0x20...0x2f):
            state = .escapeIntermediate
            return .silent
        case (.control, 0x20...0x3f): return .silent
        case (.control, _):
            state = .ground
            return Self.silentFinals.contains(byte) ? .silent : .movement
        case (.escapeIntermediate, _):
            state = .ground
            return .silent
        default:
            state = .ground
            // Index, next line, reverse index, restore cursor, reset.
            return [0x38, 0x44, 0x45, 0x4d, 0x63].contains(byte) ? .movement : .silent
        }
    }

    /// Colours (m), modes (h, l), reports (n, c), cursor shapes (q) and window operations (t).
    private static let silentFinals = Set("mhlncqt".utf8)
    private static let escape: UInt8 = 0x1b
    private static let bell: UInt8 = 0x07
    private static let backspace: UInt8 = 0x08
    private static let tab: UInt8 = 0x09
    private static let lineFeed: UInt8 = 0x0a
    private static let carriageReturn: UInt8 = 0x0d
    private static let cancel: UInt8 = 0x18
    private static let substitute: UInt8 = 0x1a

    private static func isText(_ byte: UInt8) -> Bool {
        byte >= 0x20 ? byte != 0x7f : byte == tab || byte == lineFeed || byte == carriageReturn
    }
}
