import Diagnostics
import Files
import Imaging
import MaskStore
import Media
import Progress
import SystemPackage

/// Shows masks on the video they belong to, as a contact sheet or as a video.
package struct Preview: Sendable {
    /// What a preview can be; the extension of its name determines it.
    package enum Form: Sendable {
        /// One PNG image of many small frames.
        case sheet
        /// The whole video, with its audio.
        case video
    }

    private let input: FilePath
    private let masks: MaskReader
    private let output: FilePath
    private let form: Form
    private let columns: Int
    private let rows: Int
    private let reporter: any ProgressReporter

    /// - Parameters:
    ///   - input: the video.
    ///   - masks: the folder of its masks.
    ///   - output: a name that ends in `.png`, or in `.mp4`, `.mkv` or `.mov`.
    ///   - columns: frames side by side on a sheet.
    ///   - rows: frames one below the other on a sheet.
    ///   - reporter: receives the progress.
    /// - Throws: `EightCutError` when the folder holds no masks, or the output cannot be.
    package init(
        input: FilePath,
        masks: FilePath,
        output: FilePath,
        columns: Int = 4,
        rows: Int = 3,
        reporter: any ProgressReporter
    ) throws {
        self.input = input
        self.masks = try MaskReader(masks)
        self.output = output.absolute
        form = try Self.form(of: output)
        self.columns = columns
        self.rows = rows
        self.reporter = reporter
    }

    /// The kind of preview that a name asks for.
    ///
    /// - Throws: `EightCutError` for an extension that is not known.
    package static func form(of output: FilePath) throws -> Form {
        switch output.extension?.lowercased() {
        case "png": return .sheet
        case "mp4", "mkv", "mov": return .video
        default:
            throw EightCutError(
                .usage,
                "cannot make the preview",
                on: output.string,
                because: "its name has no known extension",
                remedy: "Use .png for a contact sheet, or .mp4 for a video."
            )
        }
    }

    /// Makes the preview.
    ///
    /// - Parameter stream: what `VideoProbe` has found in the video.
    /// - Returns: how many frames the video has.
    /// - Throws: `EightCutError` when the video or a mask cannot be read, or the preview cannot be
    ///   written; `CancellationError`.
    package func make(_ stream: VideoStream) async throws -> Int {
        try Folder.create(output.removingLastComponent())
        switch form {
        case .sheet: return try await makeSheet(stream)
        case .video: return try await makeVideo(stream)
        }
    }

    private func makeSheet(_ stream: VideoStream) async throws -> Int {
        let sheet = ContactSheet(
            stream: stream,
            columns: columns,
            rows: rows,
            frameCount: masks.frameCount ?? stream.estimatedFrames ?? 1
        )
        let decoder = VideoDecoder(
            path: input,
            stream: stream,
            format: .rgb24,
            size: (sheet.cellWidth, sheet.cellHeight)
        )
        let progress = progress(stream)
        let (image, report) = try await decoder.withFrames { frames in
            var image = sheet.emptyImage()
            while let frame = try await frames.next() {
                if let cell = sheet.cell(ofFrame: frame.index) {
                    let mask = try masks.mask(frame.index, like: stream)
                    sheet.draw(frame, mask, in: cell, onto: &image)
                }
                try progress.report(done: frame.index + 1)
            }
            return image
        }
        try PNG.write(image, to: output)
        return report.frameCount
    }

    private func makeVideo(_ stream: VideoStream) async throws -> Int {
        guard let rate = stream.frameRate ?? Rational(25, 1) else { return 0 }
        let writer = VideoWriter(
            output: output,
            audioSource: input,
            width: stream.width,
            height: stream.height,
            frameRate: rate
        )
        let decoder = VideoDecoder(path: input, stream: stream, format: .rgb24)
        let progress = progress(stream)
        return try await writer.write { sink in
            try await decoder.withFrames { frames in
                var pacer = FramePacer(rate: rate.value)
                var last: RGBImage?
                while let frame = try await frames.next() {
                    if let last {
                        for _ in 0..<pacer.repeats(before: frame.time) {
                            try await sink.add(last)
                        }
                    } else {
                        pacer.begin(at: frame.time)
                    }
                    var image = RGBImage(frame)
                    if let mask = try masks.mask(frame.index, like: stream) {
                        MaskOverlay().paint(mask, onto: &image)
                    }
                    last = image
                    try progress.report(done: frame.index + 1)
                }
                if let last { try await sink.add(last) }
            }.report.frameCount
        }
    }

    private func progress(_ stream: VideoStream) -> FrameProgress {
        FrameProgress(total: masks.frameCount ?? stream.estimatedFrames, reporter: reporter)
    }
}

/// Maps frames with any timestamps to a video of constant frame rate, so that video and audio stay
/// in sync.
package struct FramePacer {
    private let rate: Double
    private var start: Double?
    private var shown = 0
    private static let farAway = 1e15

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
    /// - Returns: a count, 0 for a frame that comes too soon to be shown.
    package mutating func repeats(before time: Double?) -> Int {
        guard let time else {
            shown += 1
            return 1
        }
        let start = self.start ?? 0
        let delay = (start * rate + 0.01).rounded(.down)
        // Containers can hold times that no integer can count frames to.
        let place = min(max(0, delay + ((time - start) * rate).rounded()), Self.farAway)
        let due = max(shown, Int(place))
        defer { shown = due }
        return due - shown
    }
}
