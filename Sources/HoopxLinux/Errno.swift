import CHoopxLinux
import Glibc

/// The reason that the kernel gives for a failed call (errno(3)).
public struct Errno: Error, Hashable, Sendable, CustomStringConvertible {
    /// The positive number: `ENOENT`.
    public let code: Int32

    public init(_ code: Int32) { self.code = code }

    /// The reason of the calling thread's last failed libc call.
    public static var last: Errno { Errno(errno) }

    /// Passes a result of CHoopxLinux on, which is not negative or `-errno`.
    @discardableResult
    public static func check<Result: SignedInteger>(_ result: Result) throws(Errno) -> Result {
        guard result >= 0 else { throw Errno(Int32(-result)) }
        return result
    }

    /// Passes a result of libc on, which is -1 where `errno` says why.
    @discardableResult
    public static func checkLast<Result: SignedInteger>(_ result: Result) throws(Errno) -> Result {
        guard result != -1 else { throw .last }
        return result
    }

    /// The kernel's words, lower case as hoopx's messages are, and the symbol: `permission denied (EACCES)`.
    public var description: String {
        let words = hoopx_error_description(code).map { String(cString: $0) } ?? "error \(code)"
        guard let symbol = hoopx_error_symbol(code) else { return words }
        return words.prefix(1).lowercased() + words.dropFirst() + " (" + String(cString: symbol) + ")"
    }
}
