import ClipLibrary
import Diagnostics
import Observation
import Progress

/// The search for the object of a clip, in a child process.
@MainActor
@Observable
package final class FindModel {
    private let program: CommandLineProgram
    private let task = ClipTask()
    /// The lines of the document that the child has printed so far.
    @ObservationIgnored private var lines: [String] = []

    /// Many times as many lines as a list of objects has.
    private static let mostLines = 10_000

    init(_ program: CommandLineProgram) { self.program = program }

    /// The current search.
    package var run: ClipRun? { task.run }

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
        guard task.run == nil else { return }
        lines = []
        task.start(on: clip) { [weak self] () -> Result<FoundObject, any Error>? in
            do {
                return try await self?.search(clip).map { .success($0) }
            } catch {
                return .failure(error)
            }
        } done: { result in
            if let result { done(result) }
        }
    }

    /// Stops the search.
    package func cancel() { task.cancel() }

    /// Stops the search and waits for its end.
    func stop() async { await task.stop() }

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
        case .progress(let progress): task.note(progress)
        case .output(let output):
            if lines.count < Self.mostLines { lines.append(output.line) }
        // A warning says how sure the search is, which the proposal shows.
        default: break
        }
    }
}
