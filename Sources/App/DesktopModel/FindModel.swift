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
    /// How the current or latest search is done.
    package private(set) var search = ObjectSearch.motion(because: nil)
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
    ///   - search: how.
    ///   - device: where a detector runs: "auto", "cpu" or "cuda".
    ///   - done: called with what was found, best first, which may be nothing, or with the reason why
    ///     it cannot be known; not after the search was cancelled.
    func find(
        in clip: LibraryClip,
        _ search: ObjectSearch,
        device: String,
        _ done: @escaping @MainActor (Result<[FoundObject], any Error>) -> Void
    ) {
        guard task.run == nil else { return }
        lines = []
        self.search = search
        let options = search.arguments(device: device)
        task.start(on: clip) { [weak self] () -> Result<[FoundObject], any Error>? in
            do {
                guard let objects = try await self?.objects(in: clip, options) else { return nil }
                return .success(objects)
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

    private func objects(in clip: LibraryClip, _ options: [String]) async throws -> [FoundObject] {
        do {
            try await CommandRun(
                program: program,
                arguments: ["detect", "--input=\(clip.path)", "--json"] + options
            ).run { [weak self] event in await self?.take(event) }
        } catch let error as EightCutError where error.code == .nothingFound {
            return []
        }
        return try FoundObject.list(
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
