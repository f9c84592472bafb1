import ArgumentParser
import Diagnostics
import Files
import MaskPipeline
import MaskStore
import Media
import Previews
import Progress
import SystemPackage

/// `8cut preview`.
struct PreviewCommand: AdvisingCommand, JobCommand {
    static let configuration = CommandConfiguration(
        commandName: "preview",
        abstract: "Render masks over their video, as a contact sheet or as a video with audio.",
        usage: "8cut preview [<options>] --input <video> --output <file>",
        discussion: """
            The object is tinted, whatever the polarity of the masks. Frames without a mask are \
            dark; the exit status is 65 then, and when there are masks of frames that the video \
            has not.

            Examples:
              8cut preview --input clip.mp4 --output sheet.png
              8cut preview --input clip.mp4 --masks other_masks --output overlay.mp4
              8cut preview --input clip.mp4 --output large.png --columns 6 --rows 5
            """
    )

    static let remedies = Remedies(
        output: "--output",
        byCode: [.outputUnusable: "Choose a file that you may write to, with --output."],
        settings: ["allow it to be replaced": "--overwrite"]
    )

    @Option(name: .shortAndLong, help: .video, completion: .file())
    var input: String

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "The folder of the masks. (default: VIDEO_masks beside the video)",
            valueName: "folder"
        ),
        completion: .directory
    )
    var masks: String?

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "The file to write: a contact sheet (.png) or a video (.mp4, .mkv, .mov).",
            valueName: "file"
        ),
        completion: .file(extensions: ["png", "mp4", "mkv", "mov"])
    )
    var output: String

    @Flag(help: "Replace a file that is not an unchanged preview made by 8cut.")
    var overwrite = false

    @Option(help: ArgumentHelp("Columns of the contact sheet.", valueName: "count"))
    var columns = 4

    @Option(help: ArgumentHelp("Rows of the contact sheet.", valueName: "count"))
    var rows = 3

    @OptionGroup var video: VideoInputOptions

    @OptionGroup var progress: ProgressOptions

    func validate() throws {
        try input.checkedNotEmpty(named: "--input")
        try columns.checked(in: 1...50, named: "--columns")
        try rows.checked(in: 1...50, named: "--rows")
    }

    func run() async throws {
        let input = FilePath(self.input).absolute
        let masks = self.masks.map { FilePath($0).absolute } ?? MaskFolder.defaultPath(for: input)
        let output = try PreviewOutput(
            FilePath(self.output),
            inputs: [input],
            masks: masks,
            overwrites: overwrite
        )
        let (columns, rows, video) = (self.columns, self.rows, self.video)
        try await runJob { reporter in
            let meter = ProgressMeter()
            let preview = try Preview(
                input: input,
                masks: masks,
                output: output,
                columns: columns,
                rows: rows,
                reporter: reporter
            )
            try reporter.report(
                .started(
                    .init(job: "preview", input: input.string, output: output.path.string)
                )
            )
            try output.check()
            let reading = try video.reading(of: input, like: preview.videoOptions)
            let stream = try await VideoProbe.stream(of: input, reading)
            try reporter.warn("streamChoice", stream.choiceNote)
            let result = try await preview.make(stream)
            try reporter.report(.artifact(.init(kind: "preview", path: output.path.string)))
            let problems = result.problem.map { [$0] } ?? []
            if let error = MaskSetProblem.error(of: problems, done: "The preview is made.") {
                throw error
            }
            let frames = result.frameCount
            return ProgressEvent.Finished(meter, frames: frames) {
                "\(counted(frames, "frame")) in \($0) s"
            }
        }
    }
}
