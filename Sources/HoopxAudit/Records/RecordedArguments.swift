import HoopxCore

/// A command line as it may be stored: with what commonly is a secret on one hidden.
///
/// It is a matter of shapes and names, so that a secret under an innocent name passes. What hoopx itself can vouch for
/// is that its own credentials are on no command line of the target.
public struct RecordedArguments: Hashable, Sendable {
    public let words: [String]

    /// - Parameter arguments: the command's own name first.
    public init(_ arguments: [String]) { self.init(bytes: arguments.map { Array($0.utf8) }) }

    /// - Parameter arguments: as they stood in memory; what is not UTF-8 in them is replaced.
    public init(bytes arguments: [[UInt8]]) {
        var words: [String] = []
        words.reserveCapacity(arguments.count)
        var line = MaskedCommandLine()
        for argument in arguments { words.append(String(decoding: line.masked(argument), as: UTF8.self)) }
        self.words = words
    }

    /// Arguments of which the last is cut off, or the others are missing.
    ///
    /// - Parameter arguments: as they stood in memory.
    public init(truncated arguments: [[UInt8]]) {
        self.init(bytes: arguments.dropLast() + arguments.suffix(1).map(TornText.withoutTornEnd))
    }

    /// A single text as it may be stored: a path.
    public static func masked(_ text: [UInt8]) -> String { String(decoding: SecretText.masked(text), as: UTF8.self) }

    /// Arguments as they were stored.
    init(stored: [String]) { words = stored }
}

/// The arguments of one command line, masked one after the other: what an argument means can depend on those before it.
private struct MaskedCommandLine {
    /// What the present argument is to those before it.
    private enum Expectation {
        case nothing
        /// The value of an option whose name says that it is a secret.
        case secret
        /// The value of curl's `-u`: `user:password`.
        case userAndPassword
        /// A script of its own (`sh -c`): what begins it is not the whole of it.
        case script
    }

    private var expectation = Expectation.nothing
    private var isCurl = false

    mutating func masked(_ argument: [UInt8]) -> [UInt8] {
        let expected = expectation
        expectation = .nothing
        let isOption = argument.first == UInt8(ascii: "-") && argument.count > 1
        switch expected {
        case .secret where !isOption: return SecretText.mask
        case .userAndPassword where argument.contains(UInt8(ascii: ":")): return SecretText.mask
        default: break
        }
        if isOption {
            if SecretName.isSecret(argument) { expectation = .secret }
            if isCurl, SecretName.isCurlUser(argument) { expectation = .userAndPassword }
            if Self.takesScript(argument) { expectation = .script }
        }
        if argument.elementsEqual("curl".utf8) || argument.suffix(5).elementsEqual("/curl".utf8) { isCurl = true }
        // -uname:password
        if isCurl, argument.starts(with: "-u".utf8), argument.contains(UInt8(ascii: ":")) {
            return Array("-u".utf8) + SecretText.mask
        }
        return SecretText.masked(argument, isScript: expected == .script)
    }

    /// `-c`, `-lc`: a cluster of short options that ends in the one for a script.
    private static func takesScript(_ option: [UInt8]) -> Bool {
        option.last == UInt8(ascii: "c") && option.count > 1 && option[1] != UInt8(ascii: "-")
    }
}
