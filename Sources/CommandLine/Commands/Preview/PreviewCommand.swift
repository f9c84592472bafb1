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
struct PreviewCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "preview",
        abstract: "Show masks on their video, as a contact sheet or as a film with sound.",
        discussion: """
            Examples:
              8cut preview --input clip.mp4 --output sheet.png
              8cut preview --input clip.mp4 --masks other_masks --output overlay.mp4
              8cut preview --input clip.mp4 --output large.png --columns 6 --rows 5
            """
    )

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("The video.", valueName: "video"),
        completion: .file()
    )
    var input: String

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "The folder of the masks; the one next to the video unless given.",
            valueName: "folder"
        ),
        completion: .directory
    )
    var masks: String?

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "What to write: a contact sheet (.png) or a film (.mp4, .mkv, .mov).",
            valueName: "file"
        ),
        completion: .file(extensions: ["png", "mp4", "mkv", "mov"])
    )
    var output: String

    @Option(help: "Frames side by side on a contact sheet.")
    var columns = 4

    @Option(help: "Frames one below the other on a contact sheet.")
    var rows = 3

    @OptionGroup(title: "Progress") var progress: ProgressOptions

    func validate() throws {
        guard !input.isEmpty else { throw ValidationError("--input is empty.") }
        guard (1...50).contains(columns), (1...50).contains(rows) else {
            throw ValidationError("--columns and --rows must be between 1 and 50.")
        }
    }

    func run() async throws {
        let input = FilePath(self.input).absolute
        let masks = self.masks.map { FilePath($0).absolute } ?? MaskFolder.defaultPath(for: input)
        let output = FilePath(self.output).absolute
        let (columns, rows) = (self.columns, self.rows)
        try await Job.run(progress) { reporter in
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
                    .init(job: "preview", input: input.string, output: output.string)
                )
            )
            let frames = try await preview.make(try await VideoProbe.stream(of: input))
            try reporter.report(.artifact(.init(kind: "preview", path: output.string)))
            let seconds = (meter.elapsed * 10).rounded() / 10
            return ProgressEvent.Finished(
                frames: frames,
                seconds: seconds,
                exitStatus: 0,
                summary: "\(frames) frames in \(seconds) s"
            )
        }
    }
}
