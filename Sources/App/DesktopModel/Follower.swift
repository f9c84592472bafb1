import Observation

/// Runs a closure, and runs it again soon after something in the model has changed that it has
/// read. Ends when nobody holds it.
@MainActor
final class Follower {
    private let body: @MainActor () -> Void
    private var isWaiting = false

    init(_ body: @escaping @MainActor () -> Void) {
        self.body = body
        run()
    }

    private func run() {
        isWaiting = false
        withObservationTracking(body) { [weak self] in
            // The model lives on the main actor, and so do its changes.
            MainActor.assumeIsolated { self?.wait() }
        }
    }

    private func wait() {
        guard !isWaiting else { return }
        isWaiting = true
        Task { [weak self] in self?.run() }
    }
}
