import Diagnostics
import Progress
import Synchronization

/// Passes events on, and says once how a run that takes long could be faster.
final class SpeedAdvisor: ProgressReporter {
    /// Frames until the time left is worth a word: memories are full then, and frames as slow as
    /// they become.
    private static let frames = 8
    /// Seconds that nobody likes to wait.
    private static let patience: Double = 300

    private let base: any ProgressReporter
    private let log: Log
    private let advice = Mutex<String?>(nil)

    /// - Parameters:
    ///   - base: receives all events.
    ///   - log: receives the advice.
    init(_ base: any ProgressReporter, _ log: Log) {
        self.base = base
        self.log = log
    }

    /// Sets what there is to say; nil for nothing.
    func set(_ text: String?) { advice.withLock { $0 = text } }

    func report(_ event: ProgressEvent) throws {
        try base.report(event)
        guard case .progress(let progress) = event, progress.done >= Self.frames,
            let left = progress.secondsLeft, left >= Self.patience
        else { return }
        let text = advice.withLock { advice in
            defer { advice = nil }
            return advice
        }
        if let text { log.note("about \(Int((left / 60).rounded())) minutes are left; \(text)") }
    }
}
