import Files
import Imaging
import Media
import Progress
import SystemPackage

/// Metrics of masks that follow each other, without ground truth.
package struct MaskMetrics: Sendable {
    /// A pixel whose brightness differs by more has changed.
    private static let tolerance: Int16 = 12

    private var masks: [GrayImage] = []
    private var frames: [GrayImage] = []
    private var toggles = 0.0
    private var triples = 0
    private var ious = 0.0
    private var pairs = 0

    package init() {}

    /// Takes the next mask.
    ///
    /// - Parameters:
    ///   - mask: 0 background, anything else object; all have one size.
    ///   - frame: the video frame's brightness, of the mask's size. Where it changes, the mask may
    ///     change too, and nothing is counted. Nil counts everywhere.
    package mutating func add(_ mask: GrayImage, frame: GrayImage? = nil) {
        masks.append(mask)
        if let frame { frames.append(frame) }
        if masks.count > 1 {
            ious += Self.iou(masks[masks.count - 2], mask)
            pairs += 1
        }
        guard masks.count == 3 else { return }
        toggles += toggledPart()
        triples += 1
        masks.removeFirst()
        if frames.count == 3 { frames.removeFirst() }
    }

    /// Part of the pixels, 0...1, whose mask changes from one frame to the next and changes back in
    /// the one after, although the video does not change there: the mean over all frames.
    package var flicker: Double { triples == 0 ? 0 : toggles / Double(triples) }

    /// IoU of successive masks, 0...1: the mean over all frames.
    package var iou: Double { pairs == 0 ? 1 : ious / Double(pairs) }

    /// Intersection over union of two masks, 1 when both are empty.
    package static func iou(_ first: GrayImage, _ second: GrayImage) -> Double {
        var both = 0
        var either = 0
        for (a, b) in zip(first.pixels, second.pixels) {
            if a != 0, b != 0 { both += 1 }
            if a != 0 || b != 0 { either += 1 }
        }
        return either == 0 ? 1 : Double(both) / Double(either)
    }

    private func toggledPart() -> Double {
        let (a, b, c) = (masks[0].pixels, masks[1].pixels, masks[2].pixels)
        var count = 0
        for index in a.indices where (a[index] != 0) != (b[index] != 0) {
            if (a[index] != 0) == (c[index] != 0), isStill(index) { count += 1 }
        }
        return a.isEmpty ? 0 : Double(count) / Double(a.count)
    }

    private func isStill(_ index: Int) -> Bool {
        guard frames.count == 3 else { return true }
        let middle = Int16(frames[1].pixels[index])
        return abs(Int16(frames[0].pixels[index]) - middle) <= Self.tolerance
            && abs(Int16(frames[2].pixels[index]) - middle) <= Self.tolerance
    }
}

/// Measures the masks of a video, and how far they agree with other masks of it.
package struct MaskMeasurement: Sendable {
    private let input: FilePath
    private let masks: MaskReader
    private let others: MaskReader?

    package struct Result: Sendable {
        /// How many frames have a mask.
        package let frames: Int
        /// Part of the pixels, 0…1, whose mask changes for one frame only although the video does
        /// not change there.
        package let flicker: Double
        /// IoU of successive masks, 0…1, mean.
        package let iou: Double
        /// IoU with the other masks, 0…1: mean and least; nil without others.
        package let agreement: (mean: Double, least: Double)?
    }

    /// - Parameters:
    ///   - input: the video.
    ///   - masks: the folder of its masks.
    ///   - others: a folder of other masks of it, or nil.
    /// - Throws: `EightCutError` when a folder has no masks.
    package init(input: FilePath, masks: FilePath, others: FilePath?) throws {
        self.input = input.absolute
        self.masks = try MaskReader(masks.absolute)
        self.others = try others.map { try MaskReader($0.absolute) }
    }

    /// How the video was read when the masks were made.
    package var videoOptions: VideoOptions { masks.videoOptions }

    /// Measures the frames that have a mask.
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
        let progress = FrameProgress(
            total: masks.frameCount ?? stream.estimatedFrames,
            reporter: reporter
        )
        let decoder = VideoDecoder(path: input, stream: stream, format: .gray8)
        return try await decoder.withFrames { frames in
            var metrics = MaskMetrics()
            var agreements: [Double] = []
            var count = 0
            while let frame = try await frames.next() {
                if let mask = try masks.mask(frame.index, like: stream) {
                    metrics.add(mask, frame: GrayImage(frame))
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
                flicker: metrics.flicker,
                iou: metrics.iou,
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
