import ArgumentParser
import Checkpoints
import Diagnostics
import Files
import Parity
import Progress
import SystemPackage

/// `8cut verify`.
struct VerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Hold the native engine against the reference implementation.",
        discussion: """
            Makes masks of the first frames of a video twice: with the native engine, and with
            the original design's Python script in the environment that
            8cut tools install --reference makes. It shows for each frame how far masks and depth,
            or with SAM 2 each object's mask and logits, agree, and what both engines took. The
            exit status is 5 when they do not agree.

            Examples:
              8cut verify --model depth-anything-v2-small --input clip.mp4
              8cut verify --model sam2.1-hiera-tiny -i clip.mp4 --point 640,360 --frames 20
              8cut verify --model ./my-checkpoint --input clip.mp4 --frames 3 --report report.json
            """
    )

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("The video.", valueName: "video"),
        completion: .file()
    )
    var input: String

    @Option(help: ArgumentHelp("How many of its frames.", valueName: "count"))
    var frames = 5

    @OptionGroup(title: "Prompts") var prompts: PromptOptions

    @OptionGroup(title: "Model") var model: VerifiedModelOptions

    @OptionGroup(title: "Model") var inference: InferenceOptions

    @Option(
        help: ArgumentHelp("Also write the report as JSON.", valueName: "file"),
        completion: .file(extensions: ["json"])
    )
    var report: String?

    @OptionGroup(title: "Progress") var progress: ProgressOptions

    func validate() throws {
        guard !input.isEmpty else { throw ValidationError("--input is empty.") }
        guard report?.isEmpty != true else { throw ValidationError("--report is empty.") }
        guard (1...10_000).contains(frames) else {
            throw ValidationError("--frames must be between 1 and 10000, not \(frames).")
        }
        try prompts.validate()
        try inference.validate()
        try model.validate(inference)
    }

    func run() async throws {
        let log = progress.log
        try await Job.run(progress) { reporter in
            let list = try prompts.read()
            let verification = ParityCheck(
                input: FilePath(input),
                frames: frames,
                model: try await model.load(inference, forSam: !list.isEmpty, log),
                prompts: list
            )
            let result = try await verification.run(reporter)
            for line in result.lines { try reporter.report(.output(.init(line: line))) }
            if let report {
                let path = FilePath(report).absolute
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
