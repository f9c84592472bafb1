import Diagnostics
import Files
import Imaging
import MaskStore
import Media
import Progress
import SystemPackage

/// Shows masks on the video they belong to, as a contact sheet or as a video.
package struct Preview: Sendable {
    private let input: FilePath
    private let masks: FoundMasks
    private let output: PreviewOutput
    private let columns: Int
    private let rows: Int
    private let frames: [Int]?
    private let width: Int?
    private let needsAllMasks: Bool
    private let reporter: any ProgressReporter

    /// - Parameters:
    ///   - input: the video.
    ///   - masks: the folder of its masks.
    ///   - output: where it goes, and so whether it is a contact sheet or a video.
    ///   - columns: frames side by side on a sheet.
    ///   - rows: frames one below the other on a sheet.
    ///   - frames: the frames on a sheet, in their order; nil for some of the whole video.
    ///   - width: the most columns of a video, whose pixels are square then; nil for a video of the
    ///     input's own size.
    ///   - needsAllMasks: whether the preview is not made unless there is one mask for each frame.
    ///   - reporter: receives the progress.
    /// - Throws: `EightCutError` when the folder holds no masks.
    package init(
        input: FilePath,
        masks: FilePath,
        output: PreviewOutput,
        columns: Int = 4,
        rows: Int = 3,
        frames: [Int]? = nil,
        width: Int? = nil,
        needsAllMasks: Bool = false,
        reporter: any ProgressReporter
    ) throws {
        self.input = input
        self.masks = try FoundMasks(masks)
        self.output = output
        self.columns = columns
        self.rows = rows
        self.frames = frames
        self.width = width
        self.needsAllMasks = needsAllMasks
        self.reporter = reporter
    }

    /// How the video was read when the masks were made.
    package var videoOptions: VideoOptions { masks.videoOptions }

    /// What a preview shows.
    package struct Result: Sendable {
        /// How many frames the video has.
        package let frameCount: Int
        /// What is wrong with the masks; nil when there is one for each frame. Frames without a mask
        /// are dark in the preview.
        package let problem: MaskSetProblem?
    }

    /// Makes the preview.
    ///
    /// - Parameter stream: what `VideoProbe` has found in the video.
    /// - Returns: what it shows.
    /// - Throws: `EightCutError` when the video or all masks cannot be read, a mask lacks that is
    ///   needed, or the preview cannot be written; `CancellationError`.
    package func make(_ stream: VideoStream) async throws -> Result {
        try output.check()
        let reader = try MaskReader(masks, like: stream)
        return try await output.write { file in
            let (count, reader) =
                switch output.form {
                case .sheet: try await makeSheet(stream, reader, file)
                case .video(let container): try await makeVideo(stream, reader, container, file)
                // Posters are made of previews.
                case .still: throw EightCutError.internalFault(because: "no preview is a still")
                }
            let problem = reader.problem(frameCount: count)
            if needsAllMasks,
                let error = MaskSetProblem.error(of: problem.map { [$0] } ?? [], done: nil)
            {
                throw error
            }
            return Result(frameCount: count, problem: problem)
        }
    }

    private func makeSheet(
        _ stream: VideoStream,
        _ reader: MaskReader,
        _ file: NewFile
    ) async throws -> (Int, MaskReader) {
        let frameCount = masks.declaredCount ?? stream.estimatedFrames ?? 1
        let sheet = ContactSheet(
            stream: stream,
            columns: columns,
            frames: frames ?? ContactSheet.spread(columns * rows, over: frameCount)
        )
        let decoder = VideoDecoder(
            path: input,
            stream: stream,
            format: .rgb24,
            size: (sheet.cellWidth, sheet.cellHeight)
        )
        let progress = progress(stream)
        let ((image, used), report) = try await decoder.withFrames { frames in
            var image = sheet.emptyImage()
            var reader = reader
            while let frame = try await frames.next() {
                if let cell = sheet.cell(ofFrame: frame.index) {
                    sheet.draw(frame, reader.object(on: frame.index), in: cell, onto: &image)
                }
                try progress.report(done: frame.index + 1)
            }
            return (image, reader)
        }
        do {
            try PNG.encoded(image).write(to: file.descriptor)
        } catch let error as Errno {
            throw fileError("cannot write", output.path, error)
        }
        return (report.frameCount, used)
    }

    private func makeVideo(
        _ stream: VideoStream,
        _ reader: MaskReader,
        _ container: VideoWriter.Container,
        _ file: NewFile
    ) async throws -> (Int, MaskReader) {
        let rate = Self.rate(of: stream)
        let size = width.map { Self.size(of: stream, width: $0) }
        let writer = VideoWriter(
            output: output.path,
            container: container,
            audioSource: input,
            audioIndex: stream.audioIndex,
            width: size?.width ?? stream.width,
            height: size?.height ?? stream.height,
            pixelAspect: size == nil ? stream.properties.pixelAspect : .one,
            frameRate: rate
        )
        let decoder = VideoDecoder(path: input, stream: stream, format: .rgb24, size: size)
        let progress = progress(stream)
        return try await writer.write(into: file) { sink in
            let (used, report) = try await decoder.withFrames { frames in
                var reader = reader
                var pacer = FramePacer(rate: rate.value)
                var last: RGBImage?
                while let frame = try await frames.next() {
                    if let last {
                        for _ in 0..<(try repeats(of: frame, &pacer)) {
                            try await sink.add(last)
                        }
                    } else {
                        pacer.begin(at: frame.time)
                    }
                    var image = RGBImage(frame)
                    if let mask = reader.object(on: frame.index) {
                        let mask = mask.scaled(width: image.width, height: image.height)
                        MaskOverlay().paint(mask, onto: &image)
                    } else {
                        MaskOverlay.darken(&image)
                    }
                    last = image
                    try progress.report(done: frame.index + 1)
                }
                if let last { try await sink.add(last) }
                return reader
            }
            return (report.frameCount, used)
        }
    }

    /// The size of a small video in the shape of the display, with even sides, as players want them.
    ///
    /// - Parameters:
    ///   - stream: what it shows. It is not enlarged.
    ///   - width: the most columns. There are no more than twice as many rows.
    /// - Returns: columns and rows.
    static func size(of stream: VideoStream, width: Int) -> (width: Int, height: Int) {
        let aspect = stream.properties.pixelAspect.value
        let shown = (Double(stream.width) * max(1, aspect), Double(stream.height) / min(1, aspect))
        let scale = min(1, Double(width) / shown.0, Double(2 * width) / shown.1)
        let even = { (side: Double) in max(2, 2 * Int((side * scale / 2).rounded())) }
        return (even(shown.0), even(shown.1))
    }

    /// The rate of the frames in a preview. Files can declare any; no screen shows more than these.
    private static func rate(of stream: VideoStream) -> Rational {
        guard let rate = stream.frameRate else { return Rational(25) }
        return rate.value <= 240 ? rate : Rational(240)
    }

    private func repeats(of frame: VideoFrame, _ pacer: inout FramePacer) throws -> Int {
        if let count = pacer.repeats(before: frame.time) { return count }
        throw EightCutError(
            .inputUnusable,
            "cannot make a video of the masks of",
            on: input.string,
            because: "the time of frame \(frame.index) is too far from the one before, or from "
                + "the start",
            remedy: "Make a contact sheet, whose name ends in .png, or repair the video first."
        )
    }

    private func progress(_ stream: VideoStream) -> FrameProgress {
        FrameProgress(total: masks.declaredCount ?? stream.estimatedFrames, reporter: reporter)
    }
}

/// Maps frames with any timestamps to a video of constant frame rate, so that video and audio stay
/// in sync.
package struct FramePacer {
    private let rate: Double
    private var start: Double?
    private var shown = 0
    /// Seconds that a frame may be shown.
    private static let longestFrame = 3600.0
    /// Seconds that the video may be long. Times can be wrong by any amount.
    private static let longestVideo = 86_400.0

    package init(rate: Double) {
        self.rate = rate
    }

    /// Sets the timestamp of the first frame. A video that starts after its audio by less than a
    /// frame's duration, as files with AAC audio do, starts at once.
    package mutating func begin(at time: Double?) {
        start = time
    }

    /// How often the frame before this one must be shown until this one's time has come.
    ///
    /// - Parameter time: seconds; nil counts as one frame's duration after the one before.
    /// - Returns: a count, 0 for a frame that comes too soon to be shown; nil if that would be for
    ///   more than an hour, or the video becomes longer than a day.
    package mutating func repeats(before time: Double?) -> Int? {
        guard let time else {
            shown += 1
            return 1
        }
        let start = self.start ?? 0
        let delay = (start * rate + 0.01).rounded(.down)
        let place = delay + ((time - start) * rate).rounded()
        // Not a number is compared with nothing.
        guard !place.isNaN else { return nil }
        guard place <= Self.longestVideo * max(rate, 1),
            place - Double(shown) <= max(1, Self.longestFrame * rate)
        else { return nil }
        let due = max(shown, Int(max(0, place)))
        defer { shown = due }
        return due - shown
    }
}
