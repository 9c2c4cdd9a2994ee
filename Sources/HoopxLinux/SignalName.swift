import CHoopxLinux

/// What a signal is called (signal(7)).
public enum SignalName {
    /// `SIGTERM`; nil for real-time signals and for numbers that are none.
    public static func of(_ signal: Int32) -> String? {
        hoopx_signal_symbol(signal).map { "SIG" + String(cString: $0) }
    }
}
