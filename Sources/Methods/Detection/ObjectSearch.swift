import MaskPipeline
import Media
import Progress
import Saliency
import Synchronization
import SystemPackage

/// Finds the objects of a video: what moves or stands out.
package struct ObjectSearch: Sendable {
    private let path: FilePath
    private let stream: VideoStream

    /// Changes whenever another object may be found in the same video.
    package static let revision = 1.0

    /// - Parameters:
    ///   - path: the video.
    ///   - stream: which stream of it.
    package init(_ path: FilePath, _ stream: VideoStream) {
        self.path = path
        self.stream = stream
    }

    /// Decodes the whole video, looks for objects, and reports how far that has come.
    ///
    /// - Parameter reporter: receives the progress.
    /// - Returns: what was found.
    /// - Throws: `EightCutError` when the video cannot be read; `CancellationError`; what the
    ///   reporter throws.
    package func run(reporter: any ProgressReporter) async throws -> FoundObjects {
        let progress = Mutex(FrameProgress(total: stream.estimatedFrames, reporter: reporter))
        let found = try await run { count in
            try progress.withLock { progress in
                // How long the start takes says nothing about the rest.
                if count == 1 { return progress.restart(worked: 1) }
                try progress.report(done: count)
            }
        }
        try progress.withLock { try $0.report(done: found.frameCount, isLast: true) }
        return found
    }

    /// Decodes the whole video and looks for objects.
    ///
    /// - Parameter onFrame: called with the number of frames that have been looked at; what it
    ///   throws ends the search.
    /// - Returns: what was found.
    /// - Throws: `EightCutError` when the video cannot be read; `CancellationError`.
    package func run(
        onFrame: @escaping @Sendable (Int) throws -> Void
    ) async throws -> FoundObjects {
        let analysis = ClipAnalysis(of: path, stream, note: onFrame)
        do {
            var collector = CandidateCollector(width: stream.width, height: stream.height)
            var count = 0
            while let map = try await analysis.map(of: count) {
                collector.add(map)
                count += 1
            }
            await analysis.end()
            return FoundObjects(collector, frameCount: count)
        } catch {
            await analysis.end()
            throw error
        }
    }
}
