import ArgumentParser
import Checkpoints
import Diagnostics
import Files
import Parity
import Progress
import SystemPackage

/// `8cut verify`.
struct VerifyCommand: AdvisingCommand, JobCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Compare the native engine with the reference implementation.",
        discussion: """
            Generates masks for the first frames of a video twice: with the native engine, and \
            with the reference implementation (Python), which 8cut tools install --reference \
            installs. Reports for each frame how well masks and depth agree, or with SAM 2 and \
            EdgeTAM the mask and the logits of each object, and the time and memory of both engines. The exit \
            status is 5 when they do not agree.

            Examples:
              8cut verify --model depth-anything-v2-small --input clip.mp4
              8cut verify --model sam2.1-hiera-tiny -i clip.mp4 --point 64,36 --frames 8
              8cut verify --model ./my-checkpoint -i clip.mp4 --report report.json
            """
    )

    static let outputUse = OutputUse.result

    static let remedies = Remedies(
        output: "--report",
        byCode: [.outputUnusable: "Choose a file that you may write to, with --report."]
    )

    @OptionGroup(title: "Comparison") var comparison: ComparisonOptions

    @OptionGroup(title: "Video") var video: VideoInputOptions

    @OptionGroup(title: "Prompts") var prompts: PromptOptions

    @OptionGroup(title: "Model") var model: ModelOptions<AnyModel>

    @OptionGroup(title: "Progress") var progress: ProgressOptions

    func run() async throws {
        let log = progress.log
        try await runJob { reporter in
            let path = comparison.report.map { FilePath($0).absolute }
            if let path { try ParityReport.check(path, input: FilePath(comparison.input)) }
            let list = try prompts.read()
            let defaultName = list.isEmpty ? DepthModels.defaultName : SamModels.defaultName
            let verification = ParityCheck(
                input: FilePath(comparison.input),
                try video.reading(of: FilePath(comparison.input)),
                frames: comparison.frames,
                model: try await model.load(log, default: defaultName),
                prompts: list
            )
            let result = try await verification.run(reporter)
            for line in result.lines + [result.summary] {
                try reporter.report(.output(.init(line: line)))
            }
            if let path {
                try result.write(to: path)
                try reporter.report(.artifact(.init(kind: "report", path: path.string)))
            }
            return ProgressEvent.Finished(
                frames: result.frames.count,
                seconds: 0,
                exitStatus: result.agrees ? 0 : ErrorCode.enginesDiffer.exitStatus,
                summary: result.summary
            )
        }
    }
}

/// What is compared, and where the report goes.
struct ComparisonOptions: ParsableArguments {
    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("The video.", valueName: "video"),
        completion: .file()
    )
    var input: String

    @Option(help: ArgumentHelp("Number of frames.", valueName: "count"))
    var frames = 5

    @Option(
        help: ArgumentHelp("Also write the report as JSON.", valueName: "file"),
        completion: .file(extensions: ["json"])
    )
    var report: String?

    func validate() throws {
        try input.checkedNotEmpty(named: "--input")
        try report?.checkedNotEmpty(named: "--report")
        try frames.checked(in: 1...10_000, named: "--frames")
    }
}
