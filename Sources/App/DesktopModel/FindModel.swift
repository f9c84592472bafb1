import ClipLibrary
import Diagnostics
import Observation
import Progress

/// The search for the object of a clip, in a child process.
@MainActor
@Observable
package final class FindModel {
    package struct Run: Sendable, Equatable {
        package let clip: LibraryClip
        /// Nil until the first frame is done.
        package var progress: ProgressEvent.Progress?
    }

    private enum State {
        case idle
        case running(Run, Task<Void, Never>)
    }

    private let program: CommandLineProgram
    private var state = State.idle
    /// The lines of the document that the child has printed so far.
    @ObservationIgnored private var lines: [String] = []

    /// Many times as many lines as a list of objects has.
    private static let mostLines = 10_000

    init(_ program: CommandLineProgram) { self.program = program }

    /// The current search.
    package var run: Run? {
        if case .running(let run, _) = state { return run }
        return nil
    }

    /// Searches a clip, unless a search is running.
    ///
    /// - Parameters:
    ///   - clip: the clip.
    ///   - done: called with what was found, or with the reason why nothing was; not after the search
    ///     was cancelled.
    func find(
        in clip: LibraryClip,
        _ done: @escaping @MainActor (Result<FoundObject, any Error>) -> Void
    ) {
        guard case .idle = state else { return }
        lines = []
        let task = Task { [weak self] in
            let result: Result<FoundObject, any Error>?
            do {
                result = try await self?.search(clip).map { .success($0) }
            } catch {
                result = .failure(error)
            }
            self?.state = .idle
            if !Task.isCancelled, let result { done(result) }
        }
        state = .running(Run(clip: clip), task)
    }

    /// Stops the search.
    package func cancel() {
        if case .running(_, let task) = state { task.cancel() }
    }

    /// Stops the search and waits for its end.
    func stop() async {
        guard case .running(_, let task) = state else { return }
        task.cancel()
        await task.value
    }

    private func search(_ clip: LibraryClip) async throws -> FoundObject? {
        try await CommandRun(
            program: program,
            arguments: ["detect", "--input=\(clip.path)", "--json"]
        ).run { [weak self] event in await self?.take(event) }
        return try FoundObject(
            json: lines.joined(separator: "\n"),
            of: clip.path,
            size: clip.frameSize,
            lastFrame: clip.lastFrame
        )
    }

    private func take(_ event: ProgressEvent) {
        switch event {
        case .progress(let progress):
            guard case .running(var run, let task) = state else { return }
            run.progress = progress
            state = .running(run, task)
        case .output(let output):
            if lines.count < Self.mostLines { lines.append(output.line) }
        // A warning says how sure the search is, which the proposal shows.
        default: break
        }
    }
}
