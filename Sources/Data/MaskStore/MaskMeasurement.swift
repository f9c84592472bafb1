import Diagnostics
import Files
import Imaging
import Media
import Progress
import SystemPackage

/// Measures the masks of a video, and how far they agree with other masks of it.
package struct MaskMeasurement: Sendable {
    private let input: FilePath
    private let masks: FoundMasks
    private let others: FoundMasks?

    package struct Result: Sendable {
        /// How many frames have a mask.
        package let frames: Int
        /// Part of the pixels, 0…1, whose mask changes for one frame only although the video does
        /// not change there.
        package let flicker: Double
        /// IoU of successive masks, 0…1, mean.
        package let iou: Double
        /// IoU with the other masks, 0…1: mean and least, of so many pairs; nil without others.
        package let agreement: (mean: Double, least: Double, pairs: Int)?
        /// Folders that have not one mask for each frame.
        package let problems: [MaskSetProblem]
    }

    /// - Parameters:
    ///   - input: the video.
    ///   - masks: the folder of its masks.
    ///   - others: a folder of other masks of it, or nil.
    /// - Throws: `EightCutError` when a folder has no masks.
    package init(input: FilePath, masks: FilePath, others: FilePath?) throws {
        self.input = input.absolute
        self.masks = try FoundMasks(masks.absolute)
        self.others = try others.map { try FoundMasks($0.absolute) }
    }

    /// How the video was read when the masks were made.
    package var videoOptions: VideoOptions { masks.videoOptions }

    /// Measures the frames that have a mask, whatever the polarity of the files. Masks with a gap
    /// between them do not follow each other.
    ///
    /// - Parameters:
    ///   - options: how the video is read.
    ///   - reporter: receives the progress.
    /// - Returns: the metrics.
    /// - Throws: `EightCutError` when the video or a mask cannot be read; `CancellationError`.
    package func run(
        _ options: VideoOptions = VideoOptions(),
        _ reporter: any ProgressReporter
    ) async throws -> Result {
        let stream = try await VideoProbe.stream(of: input, options)
        try reporter.warn("streamChoice", stream.choiceNote)
        let reader = try MaskReader(masks, like: stream)
        let others = try others.map { try MaskReader($0, like: stream) }
        let progress = FrameProgress(
            total: stream.estimatedFrames ?? masks.declaredCount,
            reporter: reporter
        )
        let decoder = VideoDecoder(path: input, stream: stream, format: .gray8)
        let (pass, report) = try await decoder.withFrames { frames in
            var pass = Pass(masks: reader, others: others)
            while let frame = try await frames.next() {
                pass.take(frame)
                try progress.report(done: frame.index + 1)
            }
            return pass
        }
        return pass.result(frameCount: report.frameCount)
    }

    /// What has been measured so far.
    private struct Pass: Sendable {
        var masks: MaskReader
        var others: MaskReader?
        private var metrics = MaskMetrics()
        private var agreements: [Double] = []
        private var count = 0

        init(masks: MaskReader, others: MaskReader?) {
            self.masks = masks
            self.others = others
        }

        mutating func take(_ frame: VideoFrame) {
            let mask = masks.object(on: frame.index)
            let other = others?.object(on: frame.index)
            guard let mask else { return metrics.interrupt() }
            metrics.add(mask, frame: GrayImage(frame))
            count += 1
            if let other { agreements.append(MaskMetrics.iou(mask, other)) }
        }

        func result(frameCount: Int) -> Result {
            let sum = agreements.reduce(0, +)
            return Result(
                frames: count,
                flicker: metrics.flicker,
                iou: metrics.iou,
                agreement: agreements.min().map {
                    (sum / Double(agreements.count), $0, agreements.count)
                },
                problems: [masks, others].compactMap { $0?.problem(frameCount: frameCount) }
            )
        }
    }
}

extension GrayImage {
    fileprivate init(_ frame: VideoFrame) {
        self = frame.withPlane(0) { plane, samples in
            GrayImage(width: plane.width, height: plane.height, pixels: Array(samples))
        }
    }
}
