import Observation

/// Keeps something as the model has it: runs a closure, and runs it again soon after a property that
/// it has read has changed. It ends when it is released.
package final class Binding {
    /// Calls a closure soon, on the main actor.
    package typealias Scheduler = @MainActor (@escaping @MainActor () -> Void) -> Void

    private let update: @MainActor () -> Void
    private let schedule: Scheduler
    private var isWaiting = false

    /// - Parameters:
    ///   - schedule: decides when the closure runs again; in a task of its own unless given.
    ///   - update: must not hold the binding's owner strongly.
    package init(
        schedule: @escaping Scheduler = { body in Task { body() } },
        _ update: @escaping @MainActor () -> Void
    ) {
        self.schedule = schedule
        self.update = update
        run()
    }

    private func run() {
        isWaiting = false
        withObservationTracking(update) { [weak self] in
            // The model is isolated to the main actor, and so are its changes.
            MainActor.assumeIsolated { self?.wait() }
        }
    }

    private func wait() {
        guard !isWaiting else { return }
        isWaiting = true
        schedule { [weak self] in self?.run() }
    }
}
