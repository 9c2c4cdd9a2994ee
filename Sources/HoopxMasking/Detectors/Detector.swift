/// How one kind of value is found.
///
/// Vectorscan looks for the expressions of all detectors at once and says where a match **ends**; that is a candidate.
/// `recognise` then decides whether there is a value, and where its borders are. Everything is seen in a decoded view of
/// the text: JSON escapes and percent escapes are undone, Unicode digits, spaces, dashes and full-width forms are
/// ASCII, zero-width characters are gone. Other characters are their UTF-8 bytes, which count as no part of a word.
///
/// ## What lets a stream flow
/// A stream's end is held back only as far as it could still become a value. So a detector says what its values are
/// made of:
///
/// - `run`: a value, and every byte on which `recognise` depends behind the match, lies in one run. The candidate is
///   looked at once the run has ended (or `lookahead` bytes are there, or the text has ended).
/// - `holds`: `.run` if the expression may match late in a value (the thirteenth digit of a card): then the run at the
///   end of a stream is held back, so it must be rare in prose. `.match` if the expression matches **within the value's
///   first token, or before it** (`password=x`, `DE89`): then a run is held back only from such a match on, and may be
///   made of what prose is made of.
///
/// Runs of `ByteSet.token` at the end of a stream are always held back.
///
/// ## What makes it fast
/// Expressions are scanned at memory speed as long as they are rare in ordinary text (code, numbers, UUIDs,
/// timestamps, hex), have no large bounded repeats and end soon: each match costs about 50 ns, and is to be refused
/// after a look at few bytes.
public struct Detector: Sendable {
    /// An expression of Vectorscan, which are those of PCRE without what needs backtracking; bytes, not UTF-8.
    public struct Expression: Hashable, Sendable {
        public let pattern: String
        public let isCaseless: Bool

        public init(_ pattern: String, isCaseless: Bool = false) {
            self.pattern = pattern
            self.isCaseless = isCaseless
        }

        /// Instead of a pattern: a run of at least 24 bytes of base64's two alphabets (RFC 4648: letters, digits, `+`,
        /// `/`, `-` and `_`). It matches once a run, 24 bytes behind the run's start.
        public static let longToken = Expression("")
    }

    /// Where a value lies: groups of members, and between two of them at most `maximumJoin` joiners.
    public struct Run: Hashable, Sendable {
        public let members: ByteSet
        public let joiners: ByteSet
        /// How many joiners may stand in a row.
        public let maximumJoin: Int

        public init(_ members: ByteSet, joiners: ByteSet = ByteSet(), maximumJoin: Int = 0) {
            self.members = members
            self.joiners = joiners
            self.maximumJoin = maximumJoin
        }

        /// One token, nothing between.
        public static let token = Run(.token)
        /// Digits, with single spaces, dashes, dots or slashes between groups.
        public static let groupedDigits = Run(.digits, joiners: ByteSet(" -./"), maximumJoin: 1)
    }

    /// From where on a stream's end is held back: from the run that reaches it, or from a match only.
    public enum Hold: Hashable, Sendable { case run, match }

    /// How long a value is.
    public enum Extent: Hashable, Sendable {
        /// At most so many bytes, up to 512.
        case bounded(Int)
        /// What `recognise` says, which ends at the match's end and may be empty, and all that follows it, made of
        /// members, up to the end marker (which is part of it; none if empty), a byte that is no member, or `limit`
        /// bytes. `recognise` sees nothing behind the match. A match within a block begins no other. The value is masked
        /// piece by piece as it comes.
        case block(members: ByteSet, end: String, limit: Int)
    }

    /// Words that make a value likely where one of them stands shortly before it.
    public struct Context: Hashable, Sendable {
        /// Lower case; a word of the text equals one in any case (`user_ssn`, `userSsn` and `User SSN` hold `ssn`).
        /// A word may hold spaces, which stand for any one of space, underscore, dash or nothing (`birthDate`).
        public let words: [String]
        /// How many bytes before the value are looked at, 1 to 64.
        public let window: Int
        /// Whether there is no finding without one of the words.
        public let isRequired: Bool

        public init(_ words: [String], window: Int = 64, isRequired: Bool) {
            self.words = words
            self.window = window
            self.isRequired = isRequired
        }
    }

    /// How sure a finding is. Where findings overlap, they become one, which is named for the surest, then the longest.
    public enum Confidence: Int, Comparable, Sendable {
        /// The shape alone, and it is a common one.
        case low
        /// A rare shape, or a common one with context.
        case medium
        /// A checksum, or a prefix that only this kind has.
        case high

        public static func < (left: Confidence, right: Confidence) -> Bool { left.rawValue < right.rawValue }
    }

    /// What `recognise` gets to see.
    public struct Candidate {
        /// From the extent's length + 64 bytes before the match's end (or the start of the text) to one byte behind the run
        /// (or `lookahead` bytes behind the match's end, or the end of the text). Valid during the call only.
        public let text: UnsafeRawBufferPointer
        /// Where the match ends, as an offset in `text`.
        public let matchEnd: Int
        /// Where the run begins, as an offset in `text`: a value begins no earlier.
        public let runStart: Int

        public init(text: UnsafeRawBufferPointer, matchEnd: Int, runStart: Int) {
            self.text = text
            self.matchEnd = matchEnd
            self.runStart = runStart
        }

        /// The byte at an offset, or nil outside of the text.
        public subscript(_ offset: Int) -> UInt8? {
            offset >= 0 && offset < text.count ? text[offset] : nil
        }
    }

    public let entity: EntityType
    public let expressions: [Expression]
    public let extent: Extent
    public let run: Run
    public let holds: Hold
    /// How many bytes behind a match's end `recognise` may need, up to 512.
    public let lookahead: Int
    public let context: Context?
    public let confidence: Confidence
    /// What each value ends in, where values end where matches do: `recognise` is not asked where something else stands.
    public let ending: NumberEnding?
    /// The range of the value in the candidate's text, within the run and not longer than the extent; or nil for none.
    /// It must depend on nothing but the candidate. Where the match's last byte is no member of the run (`password=`),
    /// the run is the one that begins at `matchEnd`, if any.
    public let recognise: @Sendable (Candidate) -> Range<Int>?

    public init(
        _ entity: EntityType, _ expressions: [Expression], extent: Extent, run: Run = .token, holds: Hold = .run,
        lookahead: Int, context: Context? = nil, confidence: Confidence, ending: NumberEnding? = nil,
        recognise: @escaping @Sendable (Candidate) -> Range<Int>?
    ) {
        self.entity = entity
        self.expressions = expressions
        self.extent = extent
        self.run = run
        self.holds = holds
        self.lookahead = lookahead
        self.context = context
        self.confidence = confidence
        self.ending = ending
        self.recognise = recognise
    }
}
