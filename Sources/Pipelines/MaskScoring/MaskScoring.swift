import Diagnostics
import Imaging
import MaskPipeline
import MaskQuality
import MaskStore
import Media
import Progress
import Saliency
import SystemPackage

/// Judges the masks of a clip, of any program, without knowing the true ones.
package struct MaskScoring: Sendable {
    private let input: FilePath
    /// The masks.
    package let masks: VideoMasks

    /// What has been found out.
    package struct Result: Sendable {
        /// The frames that have a mask, in order.
        package let frames: [FrameQuality]
        /// The mean of their scores; nil where no frame has a mask that can be used.
        package let score: Double?
        /// The means of the parts over the frames that have them.
        package let parts: [QualityPart: Double]
        /// What is wrong with the set of masks.
        package let problem: MaskSetProblem?
        /// For which masks they were judged.
        private let model: QualityModel

        init(_ frames: [FrameQuality], by model: QualityModel, problem: MaskSetProblem?) {
            (self.frames, self.model, self.problem) = (frames, model, problem)
            score = frames.isEmpty ? nil : FrameQuality.mean(frames)
            parts = Self.means(frames)
        }

        /// The same with further parts of frames.
        func adding(_ parts: [Int: [QualityPart: Double]]) -> Result {
            let frames = frames.map { quality in
                guard let added = parts[quality.frame], !quality.parts.isEmpty else {
                    return quality
                }
                return FrameQuality(
                    frame: quality.frame,
                    quality.parts.merging(added) { $1 },
                    by: model,
                    .some,
                    beginsShot: quality.beginsShot
                )
            }
            return Result(frames, by: model, problem: problem)
        }

        private static func means(_ frames: [FrameQuality]) -> [QualityPart: Double] {
            var sums: [QualityPart: (sum: Double, count: Double)] = [:]
            for (part, value) in frames.flatMap(\.parts) {
                let known = sums[part] ?? (0, 0)
                sums[part] = (known.sum + value, known.count + 1)
            }
            return sums.mapValues { $0.sum / $0.count }
        }
    }

    /// - Parameters:
    ///   - input: the video.
    ///   - masks: the folder of its masks.
    /// - Throws: `EightCutError` when the folder has no masks.
    package init(input: FilePath, masks: FilePath) throws {
        self.input = input.absolute
        self.masks = try VideoMasks(masks)
    }

    /// How the video was read when the masks were made.
    package var videoOptions: VideoOptions { masks.videoOptions }

    /// Whether the built-in method has made the masks: there is nothing to compare them with then.
    package var isOfBuiltIn: Bool { masks.manifest?.method.name == "saliency" }

    /// Judges every frame that has a mask.
    ///
    /// - Parameters:
    ///   - stream: what `VideoProbe` has found in the video.
    ///   - reporter: receives the progress.
    /// - Returns: the scores.
    /// - Throws: `EightCutError` when the video or all masks cannot be read; `CancellationError`.
    package func run(
        _ stream: VideoStream,
        _ reporter: any ProgressReporter
    ) async throws -> Result {
        try reporter.warn("streamChoice", stream.choiceNote)
        let reader = try masks.reader(like: stream)
        let progress = FrameProgress(
            total: stream.estimatedFrames ?? masks.declaredCount,
            reporter: reporter
        )
        let analysis = isOfBuiltIn ? nil : ClipAnalysis(of: input, stream)
        do {
            let decoder = VideoDecoder(path: input, stream: stream, format: .yuv420p)
            let (pass, report) = try await decoder.withFrames { frames in
                var pass = Pass(stream, reader, own: signals, analysis)
                while let frame = try await frames.next() {
                    try await pass.take(frame)
                    try progress.report(done: frame.index + 1)
                }
                return pass
            }
            await analysis?.end()
            return pass.result(frameCount: report.frameCount)
        } catch {
            await analysis?.end()
            throw error
        }
    }

    /// What SAM 2 has said about its masks, by frame.
    private var signals: [Int: OwnSignals] {
        let records = (masks.manifest?.frames ?? []).compactMap { record in
            record.scores.map { (record.frame, OwnSignals($0)) }
        }
        return Dictionary(records) { first, _ in first }
    }

    /// What has been judged so far.
    private struct Pass: Sendable {
        private var masks: VideoMasks.Reader
        private let own: [Int: OwnSignals]
        private let analysis: ClipAnalysis?
        private let drawing: MaskDrawing
        private var judge: ClipJudge
        private var frames: [FrameQuality] = []

        init(
            _ stream: VideoStream,
            _ masks: VideoMasks.Reader,
            own: [Int: OwnSignals],
            _ analysis: ClipAnalysis?
        ) {
            (self.masks, self.own, self.analysis) = (masks, own, analysis)
            let (width, height) = (stream.width, stream.height)
            drawing = MaskDrawing(width: width, height: height)
            judge = ClipJudge(
                width: width,
                height: height,
                model: analysis == nil ? .builtIn : .compared
            )
        }

        mutating func take(_ frame: VideoFrame) async throws {
            let map = try await analysis?.map(of: frame)
            frames += judge.add(
                frame,
                mask: masks.object(on: frame.index),
                own: own[frame.index] ?? OwnSignals(),
                builtIn: map.map { drawing.mask(of: $0, over: frame) }
            )
        }

        func result(frameCount: Int) -> Result {
            var copy = self
            let frames = copy.frames + copy.judge.finish()
            let judged = FrameQuality.weighed(frames, by: copy.judge.builtIn)
            return Result(
                judged,
                by: analysis == nil ? .builtIn : .compared,
                problem: masks.problem(frameCount: frameCount)
            )
        }
    }
}
