import Diagnostics
import Files
import Imaging
import MaskPipeline
import MaskQuality
import MaskStore
import Media
import Methods
import Progress
import Prompts
import SAM2
import SystemPackage

/// Compares the masks of a clip with what SAM 2 makes of one of them.
///
/// The best mask is the prompt of a first run over the shot. Its mask at the far end is the prompt of a
/// second one. Where that does not come back to the first prompt, the model does not know the object, and
/// what the first run says counts less (Z. Kalal et al., "Forward-backward error", ICPR 2010).
package struct TrackingCheck: Sendable {
    private let video: ProbedVideo
    private let model: CheckpointModel
    private let models: LoadedModels
    private let reporter: any ProgressReporter

    /// - Parameters:
    ///   - video: the video.
    ///   - model: the checkpoint.
    ///   - models: keeps it loaded.
    ///   - reporter: receives the progress.
    package init(
        _ video: ProbedVideo,
        model: CheckpointModel,
        models: LoadedModels,
        reporter: any ProgressReporter
    ) {
        self.video = video
        self.model = model
        self.models = models
        self.reporter = ProgressOnly(reporter)
    }

    /// Adds `tracked` and `forwardBackward` to the parts of masks.
    ///
    /// - Parameters:
    ///   - result: what is known of the masks.
    ///   - masks: the masks.
    /// - Returns: the same with these parts; unchanged where no mask can be a prompt.
    /// - Throws: `EightCutError` when the video, the masks or the model cannot be used;
    ///   `CancellationError`.
    package func extend(
        _ result: MaskScoring.Result,
        _ masks: VideoMasks
    ) async throws -> MaskScoring.Result {
        guard
            let best = result.frames.filter({ !$0.parts.isEmpty }).max(by: { $0.score < $1.score })
        else { return result }
        let shot = Self.shot(of: best.frame, result.frames)
        var reader = try masks.reader(like: video.stream)
        guard let prompt = reader.object(on: best.frame) else { return result }
        let scratch = try ScratchFolder()
        defer { withExtendedLifetime(scratch) {} }
        let forward = try await track(prompt, from: best.frame, scratch.path.appending("forward"))
        var there = try VideoMasks(forward).reader(like: video.stream)
        // The far end: the frame of the shot that is farthest from the prompt and still has the object.
        let ends = shot.sorted { abs($0 - best.frame) > abs($1 - best.frame) }
        let end = ends.first { there.object(on: $0)?.pixels.contains(255) == true }
        guard let end, let last = there.object(on: end) else { return result }
        let backward = try await track(last, from: end, scratch.path.appending("backward"))
        var back = try VideoMasks(backward).reader(like: video.stream)
        let returned = back.object(on: best.frame).map { MaskMetrics.iou($0, prompt) } ?? 0
        var added: [Int: [QualityPart: Double]] = [:]
        for frame in shot {
            guard let mask = reader.object(on: frame), let tracked = there.object(on: frame),
                let other = back.object(on: frame)
            else { continue }
            added[frame] = [
                .tracked: 0.5 + (MaskMetrics.iou(mask, tracked) - 0.5) * returned,
                .forwardBackward: MaskMetrics.iou(tracked, other),
            ]
        }
        return result.adding(added)
    }

    /// The frames of the shot that a frame is in.
    private static func shot(of frame: Int, _ frames: [FrameQuality]) -> Range<Int> {
        let cuts = frames.filter(\.beginsShot).map(\.frame)
        let first = cuts.last { $0 <= frame } ?? frames[0].frame
        let end = cuts.first { $0 > frame } ?? frames[frames.count - 1].frame + 1
        return first..<end
    }

    /// Follows an object through the video, in both directions.
    ///
    /// - Returns: the folder of the masks.
    private func track(
        _ mask: GrayImage,
        from frame: Int,
        _ folder: FilePath
    ) async throws -> FilePath {
        let object = ResolvedObject(
            number: 1,
            frames: [ResolvedPrompt(frame: frame, input: .mask(mask))]
        )
        let settings = SamSettings(prompts: ResolvedPrompts(objects: [object]))
        _ = try await MaskRun(
            video,
            output: folder,
            method: SamMethod(settings, model: model, models: models),
            inverts: false,
            replaces: false,
            reporter: reporter
        ).run()
        return folder
    }
}

/// Progress of a part of a job, without the part's own beginning and end.
private struct ProgressOnly: ProgressReporter {
    private let reporter: any ProgressReporter

    init(_ reporter: any ProgressReporter) {
        self.reporter = reporter
    }

    func report(_ event: ProgressEvent) throws {
        if case .progress = event { try reporter.report(event) }
    }
}
