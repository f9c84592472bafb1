import ClipLibrary
import Observation
import Progress

/// Work on a clip that goes on for a while, once at a time: its progress and its end.
@MainActor
@Observable
final class ClipTask {
    private enum State {
        case idle
        case running(ClipRun, Task<Void, Never>)
    }

    private var state = State.idle

    /// What is going on.
    var run: ClipRun? {
        if case .running(let run, _) = state { return run }
        return nil
    }

    /// Starts to work, unless that is going on.
    ///
    /// - Parameters:
    ///   - clip: the clip.
    ///   - work: the work; it ends soon when its task is cancelled.
    ///   - done: called with the result when the next work may start; not after it was cancelled.
    func start<Result: Sendable>(
        on clip: LibraryClip,
        _ work: @escaping @MainActor () async -> Result,
        done: @escaping @MainActor (Result) -> Void = { _ in }
    ) {
        guard case .idle = state else { return }
        let task = Task { [weak self] in
            let result = await work()
            self?.state = .idle
            if !Task.isCancelled { done(result) }
        }
        state = .running(ClipRun(clip: clip), task)
    }

    func note(_ progress: ProgressEvent.Progress) {
        guard case .running(var run, let task) = state else { return }
        run.progress = progress
        state = .running(run, task)
    }

    /// Cancels the work.
    func cancel() {
        if case .running(_, let task) = state { task.cancel() }
    }

    /// Cancels the work and waits for its end.
    func stop() async {
        guard case .running(_, let task) = state else { return }
        task.cancel()
        await task.value
    }
}

/// What is known of work on a clip.
package struct ClipRun: Sendable, Equatable {
    package let clip: LibraryClip
    /// Nil until the first frame is done.
    package var progress: ProgressEvent.Progress?
}
