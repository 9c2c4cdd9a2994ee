import Glibc

/// Standard input, output and error of hoopx itself.
public enum StandardStreams {
    /// Puts /dev/null in the place of those that hoopx was started without (`hoopx run -- ls <&-`).
    ///
    /// The next file that is opened would get the number: the command would inherit what is hoopx's own, and messages
    /// would be written into it. It must come before anything is opened.
    ///
    /// - Returns: whether all three are there now.
    public static func fill() -> Bool {
        for number in STDIN_FILENO...STDERR_FILENO where fcntl(number, F_GETFD) < 0 {
            // The lowest number that is free is this one.
            guard open("/dev/null", O_RDWR) == number else { return false }
        }
        return true
    }
}
