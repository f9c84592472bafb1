import Diagnostics
import Files
import Imaging
import MaskStore
import Media
import Progress
import SystemPackage

/// Shows masks on the video they belong to, as a contact sheet or as a film.
package struct Preview: Sendable {
    /// What a preview can be, by the extension of its name.
    package enum Form: Sendable {
        /// One PNG picture of many small frames.
        case sheet
        /// The whole video, with its sound.
        case film
    }

    private let input: FilePath
    private let masks: MaskReader
    private let output: FilePath
    private let form: Form
    private let columns: Int
    private let rows: Int
    private let reporter: any ProgressReporter

    /// Plans a preview.
    ///
    /// - Parameters:
    ///   - input: the video.
    ///   - masks: the folder of its masks.
    ///   - output: a name that ends in `.png`, or in `.mp4`, `.mkv` or `.mov`.
    ///   - columns: frames side by side on a sheet.
    ///   - rows: frames one below the other on a sheet.
    ///   - reporter: who is told how it goes.
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

    /// What kind of preview a name asks for.
    ///
    /// - Throws: `EightCutError` for an extension that is not known.
    package static func form(of output: FilePath) throws -> Form {
        switch output.extension?.lowercased() {
        case "png": return .sheet
        case "mp4", "mkv", "mov": return .film
        default:
            throw EightCutError(
                .usage,
                "cannot make the preview",
                on: output.string,
                because: "the end of its name does not say what it shall be",
                remedy: "Let it end in .png for a contact sheet, or in .mp4 for a film."
            )
        }
    }

    /// Makes the preview.
    ///
    /// - Returns: how many frames the video has.
    package func make() async throws -> Int {
        let stream = try await VideoProbe.stream(of: input)
        try Folder.create(output.removingLastComponent())
        switch form {
        case .sheet: return try await makeSheet(stream)
        case .film: return try await makeFilm(stream)
        }
    }

    private func makeSheet(_ stream: VideoStream) async throws -> Int {
        let cells = SheetLayout(
            stream: stream,
            columns: columns,
            rows: rows,
            frameCount: masks.frameCount ?? stream.estimatedFrames ?? 1
        )
        let decoder = VideoDecoder(
            path: input,
            stream: stream,
            format: .rgb24,
            size: (cells.cellWidth, cells.cellHeight)
        )
        let progress = FrameProgress(
            total: masks.frameCount ?? stream.estimatedFrames,
            reporter: reporter
        )
        let (sheet, report) = try await decoder.withFrames { frames in
            var sheet = cells.emptySheet()
            while let frame = try await frames.next() {
                if let cell = cells.cell(forFrame: frame.index) {
                    var image = RGBImage(frame)
                    if let mask = try masks.mask(frame.index, like: stream) {
                        MaskOverlay().paint(
                            mask.scaled(width: image.width, height: image.height),
                            onto: &image
                        )
                    }
                    DigitFont.draw(frame.index, onto: &image, x: 4, y: 4, scale: 2)
                    cells.place(image, in: cell, of: &sheet)
                }
                try progress.report(done: frame.index + 1)
            }
            return sheet
        }
        try PNG.write(sheet, to: output)
        return report.frameCount
    }

    private func makeFilm(_ stream: VideoStream) async throws -> Int {
        guard let rate = stream.frameRate ?? Rational(25, 1) else { return 0 }
        let film = VideoWriter(
            output: output,
            audioSource: input,
            width: stream.width,
            height: stream.height,
            frameRate: rate
        )
        let decoder = VideoDecoder(path: input, stream: stream, format: .rgb24)
        let progress = FrameProgress(
            total: masks.frameCount ?? stream.estimatedFrames,
            reporter: reporter
        )
        return try await film.write { sink in
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
}
