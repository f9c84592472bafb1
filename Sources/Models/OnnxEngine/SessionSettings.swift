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

    /// Puts settings together.
    public init(
        device: Device = .cpu,
        threads: Int,
        allowsProcessorFallback: Bool = false,
        warn: @escaping @Sendable (String) -> Void = { _ in }
    ) {
        self.device = device
        self.threads = threads
        self.allowsProcessorFallback = allowsProcessorFallback
        self.warn = warn
    }
}
