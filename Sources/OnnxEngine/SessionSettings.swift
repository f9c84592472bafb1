import SystemPackage

/// How a graph is to be run.
public struct SessionSettings: Sendable {
    /// What it runs on.
    public var device: Device
    /// Threads that share an operator's work on the processor.
    public var threads: Int
    /// Whether operators that the device lacks may run on the processor; somebody is told then.
    public var allowsProcessorFallback: Bool
    /// Is told what the user should know.
    public var warn: @Sendable (String) -> Void
    /// Where a profile of the operators is written, as the beginning of a file's name; nil for none.
    public var profile: FilePath?

    /// Puts settings together.
    public init(
        device: Device = .cpu,
        threads: Int,
        allowsProcessorFallback: Bool = false,
        profile: FilePath? = nil,
        warn: @escaping @Sendable (String) -> Void = { _ in }
    ) {
        self.device = device
        self.threads = threads
        self.allowsProcessorFallback = allowsProcessorFallback
        self.profile = profile
        self.warn = warn
    }
}
