/// How a graph is to be run.
package struct SessionSettings: Sendable {
    /// What it runs on.
    package var device: Device
    /// Threads that share an operator's work on the processor.
    package var threads: Int
    /// Whether operators that the device lacks may run on the processor; somebody is told then.
    package var allowsProcessorFallback: Bool
    /// Is told what the user should know.
    package var warn: @Sendable (String) -> Void

    /// Puts settings together.
    package init(
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
