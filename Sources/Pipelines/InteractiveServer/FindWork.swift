import InteractiveProtocol
import Media
import Methods
import Progress
import SystemPackage

/// Finds the objects of the video. What was found is kept: the video stays the same.
actor FindWork {
    /// Objects that are listed unless a request says otherwise.
    static let usualCount = 5

    private let input: FilePath
    private let stream: VideoStream
    private var found: FoundObjects?

    init(input: FilePath, stream: VideoStream) {
        self.input = input
        self.stream = stream
    }

    /// Searches the video, unless that is done already.
    ///
    /// - Parameters:
    ///   - count: the most objects.
    ///   - reporter: receives the progress.
    ///   - start: when the request was read.
    /// - Returns: the answer.
    /// - Throws: `EightCutError` when nothing stands out or the video cannot be read;
    ///   `CancellationError`; `OutputClosed`.
    func find(
        _ count: Int,
        _ reporter: any ProgressReporter,
        since start: ContinuousClock.Instant
    ) async throws -> WorkerAnswer.Found {
        let objects: FoundObjects
        if let found {
            objects = found
        } else {
            objects = try await ObjectSearch(input, stream).run(reporter: reporter)
            found = objects
        }
        let candidates = objects.candidates(count).map {
            WorkerAnswer.Candidate(frame: $0.frame, point: $0.point, box: $0.box, score: $0.score)
        }
        guard !candidates.isEmpty else { throw FoundObjects.nothing(in: input) }
        let seconds = (start.duration(to: .now) / .milliseconds(1)).rounded() / 1000
        return WorkerAnswer.Found(candidates: candidates, seconds: seconds)
    }
}
