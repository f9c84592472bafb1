import Imaging
import Media
import Progress
import SystemPackage

/// Measures masks: how steady they are, and how far they agree with others of the same video.
package struct MaskMeasurement: Sendable {
    private let input: FilePath
    private let masks: MaskReader
    private let others: MaskReader?

    /// What was measured.
    package struct Result: Sendable {
        /// How many frames have a mask.
        package let frames: Int
        /// Part of the pixels, 0…1, whose mask changes for one frame only although the picture
        /// stays.
        package let flicker: Double
        /// Intersection over union of successive masks, 0…1, mean.
        package let overlap: Double
        /// Intersection over union with the other masks, 0…1: mean and least; nil without others.
        package let agreement: (mean: Double, least: Double)?
    }

    /// Plans it.
    ///
    /// - Parameters:
    ///   - input: the video.
    ///   - masks: the folder of its masks.
    ///   - others: a folder of other masks of it, or nil.
    /// - Throws: `EightCutError` when a folder holds no masks.
    package init(input: FilePath, masks: FilePath, others: FilePath?) throws {
        self.input = input.absolute
        self.masks = try MaskReader(masks.absolute)
        self.others = try others.map { try MaskReader($0.absolute) }
    }

    /// Goes through the frames that have a mask.
    ///
    /// - Parameter reporter: is told of the progress.
    /// - Returns: what was measured.
    /// - Throws: `EightCutError` when the video or a mask cannot be read; `CancellationError`.
    package func run(_ reporter: any ProgressReporter) async throws -> Result {
        let stream = try await VideoProbe.stream(of: input)
        let progress = FrameProgress(
            total: masks.frameCount ?? stream.estimatedFrames,
            reporter: reporter
        )
        let decoder = VideoDecoder(path: input, stream: stream, format: .gray8)
        return try await decoder.withFrames { frames in
            var flicker = MaskMetrics()
            var agreements: [Double] = []
            var count = 0
            while let frame = try await frames.next() {
                if let mask = try masks.mask(frame.index, like: stream) {
                    flicker.add(mask, picture: GrayImage(frame))
                    count += 1
                    if let other = try others?.mask(frame.index, like: stream) {
                        agreements.append(MaskMetrics.iou(mask, other))
                    }
                }
                try progress.report(done: frame.index + 1)
            }
            let sum = agreements.reduce(0, +)
            return Result(
                frames: count,
                flicker: flicker.flicker,
                overlap: flicker.iou,
                agreement: agreements.min().map { (sum / Double(agreements.count), $0) }
            )
        }.result
    }
}

extension GrayImage {
    fileprivate init(_ frame: VideoFrame) {
        self = frame.withPlane(0) { plane, samples in
            GrayImage(width: plane.width, height: plane.height, pixels: Array(samples))
        }
    }
}
