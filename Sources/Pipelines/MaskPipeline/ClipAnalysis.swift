import Diagnostics
import Imaging
import MaskStore
import Media
import Progress
import Saliency
import SystemPackage

/// Where the object of a clip is, frame by frame, for whoever needs to know: it decodes the video by
/// itself, gives the frames to a `SaliencyAnalyzer`, and keeps the maps until they are asked for.
///
/// A map depends on the frames after it, and those at full size are too large to be held. So whoever
/// draws on the frames decodes them once more; the analysis runs ahead just as far as it must, and
/// by one window more. Memory does not depend on the length of the video.
package final class ClipAnalysis: Sendable {
    private let path: FilePath
    private let queue: MapQueue
    private let task: Task<Void, Never>

    /// Starts to analyse a video.
    ///
    /// - Parameters:
    ///   - path: the video.
    ///   - stream: which stream of it.
    ///   - first: maps of frames before this one are not wanted.
    ///   - clock: counts the time of the stages.
    ///   - note: is called with the number of frames that are analysed, by the work on them, each
    ///     time that it has grown; it may throw to end the analysis, and `map` throws that error then.
    package init(
        of path: FilePath,
        _ stream: VideoStream,
        from first: Int = 0,
        clock: StageClock = StageClock(),
        note: @escaping @Sendable (Int) throws -> Void = { _ in }
    ) {
        self.path = path
        let queue = MapQueue(from: first)
        self.queue = queue
        let decoder = VideoDecoder(path: path, stream: stream, format: .yuv420p)
        task = Task {
            do {
                _ = try await decoder.withFrames { frames in
                    try await Self.analyze(frames, of: stream, into: queue, clock, note)
                }
                queue.end()
            } catch {
                queue.end(error)
            }
        }
    }

    deinit { task.cancel() }

    private static func analyze(
        _ frames: FrameReader,
        of stream: VideoStream,
        into queue: MapQueue,
        _ clock: StageClock,
        _ note: @Sendable (Int) throws -> Void
    ) async throws {
        var analyzer = SaliencyAnalyzer(
            width: stream.width,
            height: stream.height,
            frameRate: stream.frameRate?.value
        )
        var count = AnalysisCount()
        while let frame = try await next(frames, clock) {
            let maps = clock.measure("analyze") { analyzer.add(frame) }
            // Of an analysis that is cancelled the maps are not finished.
            try Task.checkCancellation()
            if let grown = count.add(frames: 1, maps: maps.count) { try note(grown) }
            try await queue.put(maps)
        }
        let rest = clock.measure("analyze") { analyzer.finish() }
        try Task.checkCancellation()
        if let grown = count.add(maps: rest.count) { try note(grown) }
        try await queue.put(rest)
    }

    private static func next(_ frames: FrameReader, _ clock: StageClock) async throws -> VideoFrame?
    {
        let start = ContinuousClock.now
        defer { clock.add("wait for ffmpeg, to analyze", start.duration(to: .now)) }
        return try await frames.next()
    }

    /// The map of a frame; waits for it.
    ///
    /// - Parameter frame: its number, higher than that of the call before. Maps of frames that are
    ///   left out are dropped.
    /// - Returns: nil when the video has no such frame.
    /// - Throws: `CancellationError`, `EightCutError` when the video cannot be read, or what `note`
    ///   has thrown.
    package func map(of frame: Int) async throws -> ObjectMap? { try await queue.take(frame) }

    /// The map of a frame that somebody else has decoded; waits for it.
    ///
    /// - Throws: what `map(of:)` throws, and `EightCutError` when there is none.
    package func map(of frame: VideoFrame) async throws -> ObjectMap {
        guard let map = try await map(of: frame.index) else {
            throw differs("the analysis has \(counted(frame.index, "frame")), the masks more")
        }
        return map
    }

    /// Makes sure that the video has ended for the analysis as it has for somebody else.
    ///
    /// - Parameter count: how many frames it had there, all of which have had their maps.
    /// - Throws: what `map(of:)` throws, and `EightCutError` when there are more frames.
    package func checkEnd(after count: Int) async throws {
        guard try await map(of: count) == nil else {
            throw differs("the masks have \(counted(count, "frame")), the analysis more")
        }
    }

    private func differs(_ why: MessageText) -> EightCutError {
        EightCutError(
            .toolFailed,
            "cannot make masks of",
            on: path.string,
            because: "ffmpeg has decoded it twice and differently: \(why)",
            remedy: "Was the file changed meanwhile? Run the same command again."
        )
    }

    /// Gives up what is not done yet, and waits until ffmpeg has ended. It must be called in the
    /// end, also when all maps were taken.
    package func end() async {
        task.cancel()
        await task.value
    }
}

/// How many frames are analysed, by the work on them: the maps of a window are decided all at once,
/// when its last frame has been added.
private struct AnalysisCount {
    private var frames = 0
    private var maps = 0
    private var count = 0

    /// The part of the work on a frame that the decision of its map is. On two cores it was 1.4 of
    /// 3.1 s in ten seconds of a hand-held 1280x720 video, and 0.6 to 0.7 of the whole in three
    /// sequences of 854x480: maps are of one size.
    private static let decision = 0.5

    /// - Returns: the number; nil where it has not grown.
    mutating func add(frames newFrames: Int = 0, maps newMaps: Int) -> Int? {
        frames += newFrames
        maps += newMaps
        let work = (1 - Self.decision) * Double(frames) + Self.decision * Double(maps)
        guard Int(work) > count else { return nil }
        count = Int(work)
        return count
    }
}
