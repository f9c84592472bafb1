import CGtk
import Observation

/// Keeps something on the screen as the model has it: runs a closure, and runs it again before
/// the next redraw when something has changed that it has read.
@MainActor
final class Binding {
    private let update: @MainActor () -> Void
    private var isWaiting = false

    init(_ update: @escaping @MainActor () -> Void) {
        self.update = update
    }

    func run() {
        isWaiting = false
        withObservationTracking(update) { [weak self] in
            // The model lives on the main actor, and so do its changes.
            MainActor.assumeIsolated { self?.wait() }
        }
    }

    private func wait() {
        guard !isWaiting else { return }
        isWaiting = true
        Self.waiting.append(WeakBinding(binding: self))
        guard Self.waiting.count == 1 else { return }
        MainLoop.beforeRedraw {
            let bindings = Self.waiting
            Self.waiting = []
            for entry in bindings { entry.binding?.run() }
        }
    }

    private struct WeakBinding {
        weak var binding: Binding?
    }

    private static var waiting: [WeakBinding] = []
}
