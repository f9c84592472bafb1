import ArgumentParser
import Checkpoints
import Detection
import Diagnostics
import Files
import Methods
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
            EdgeTAM the mask and the logits of each object, and the time and memory of both \
            engines. With --text-model it compares what OWLv2 finds by texts: all boxes and logits, \
            and the best boxes side by side. The exit status is 5 when they do not agree. With --shots \
            it counts how many true changes of shots are found.

            Examples:
              8cut verify --model depth-anything-v2-small --input clip.mp4
              8cut verify --model sam2.1-hiera-tiny -i clip.mp4 --point 64,36 --frames 8
              8cut verify --model ./my-checkpoint -i clip.mp4 --report report.json
              8cut verify --text-model owlv2-base -i clip.mp4 --text dog --text sofa
              8cut verify --shots annotations --input videos
            """
    )

    static let outputUse = OutputUse.result

    static let remedies = Remedies(
        output: "--report",
        byCode: [.outputUnusable: "Choose a file that you may write to, with --report."],
        resumes: false
    )

    @OptionGroup(title: "Comparison") var comparison: ComparisonOptions

    @OptionGroup(title: "Video") var video: VideoInputOptions

    @OptionGroup(title: "Prompts") var prompts: PromptOptions

    @OptionGroup(title: "Detector") var detector: VerifiedDetector

    @Option(
        help: ArgumentHelp(
            "Compare shots with the true ones: a text with the first and last frame of each shot (RAI, "
                + "BBC), ClipShots' JSON, or a folder of them; --input is the video or a folder of "
                + "videos.",
            valueName: "file"
        ),
        completion: .file()
    )
    var shots: String?

    @OptionGroup(title: "Model") var model: ModelOptions<AnyModel>

    @OptionGroup(title: "Progress") var progress: ProgressOptions

    func validate() throws {
        if shots != nil, let name = model.model, !name.isExactly(ShotModelOptions.name) {
            throw ValidationError("--shots goes with --model \(ShotModelOptions.name) or none.")
        }
        guard detector.textModel != nil else { return }
        let excluded = (model.model == nil ? [] : ["--model"]) + prompts.given
        if let first = excluded.first {
            throw ValidationError("--text-model compares a detector: leave \(first) out.")
        }
    }

    func run() async throws {
        let log = progress.log
        try await runJob { reporter in
            let path = comparison.report.map { FilePath($0).absolute }
            if let path { try ReportPath.check(path, input: FilePath(comparison.input)) }
            if let shots { return try await compareShots(shots, reporter) }
            if let name = detector.textModel {
                let report = try await compareDetectors(name, log, reporter)
                let lines = TextTable.lines(report.table).split(exactly: "\n").map(String.init)
                return try finish(report, lines + report.costs, report.frames.count, path, reporter)
            }
            let report = try await compareMasks(log, reporter)
            return try finish(report, report.lines, report.frames.count, path, reporter)
        }
    }

    private func compareShots(
        _ truth: String,
        _ reporter: any ProgressReporter
    ) async throws -> ProgressEvent.Finished {
        let meter = ProgressMeter()
        var shotModel = ShotModelOptions()
        shotModel.model = model.model
        let (lines, summary) = try await ShotVerification(
            videos: FilePath(comparison.input).absolute,
            truth: FilePath(truth).absolute,
            shotModel: shotModel,
            log: progress.log
        ).run(reporter)
        for line in lines { try reporter.report(.output(.init(line: line))) }
        return ProgressEvent.Finished(meter) { _ in summary }
    }

    private func compareMasks(
        _ log: Log,
        _ reporter: any ProgressReporter
    ) async throws -> ParityReport {
        let input = FilePath(comparison.input)
        let list = try prompts.read()
        let defaultName = list.isEmpty ? DepthModels.defaultName : SamModels.defaultName
        return try await ParityCheck(
            input: input,
            try video.reading(of: input),
            frames: comparison.frames,
            model: try await model.load(log, default: defaultName),
            prompts: list
        ).run(reporter)
    }

    private func compareDetectors(
        _ name: String,
        _ log: Log,
        _ reporter: any ProgressReporter
    ) async throws -> DetectorReport {
        let input = FilePath(comparison.input)
        return try await DetectorCheck(
            input: input,
            try video.reading(of: input),
            frames: comparison.frames,
            texts: try detector.texts(),
            model: try await model.runtime.checkpoint(
                name,
                of: DetectorModels.self,
                log,
                LoadedModels()
            )
        ).run(reporter)
    }

    private func finish(
        _ result: some EngineReport,
        _ lines: [String],
        _ frames: Int,
        _ path: FilePath?,
        _ reporter: any ProgressReporter
    ) throws -> ProgressEvent.Finished {
        for line in lines + [result.summary] { try reporter.report(.output(.init(line: line))) }
        if let path {
            try result.write(to: path)
            try reporter.report(.artifact(.init(kind: "report", path: path.string)))
        }
        return ProgressEvent.Finished(
            frames: frames,
            seconds: 0,
            exitStatus: result.agrees ? 0 : ErrorCode.enginesDiffer.exitStatus,
            summary: result.summary
        )
    }
}

/// Which detector is compared, and what it looks for.
struct VerifiedDetector: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Compare a detector: checkpoint name or folder.",
            valueName: "model"
        ),
        completion: .list(DetectorModels.names)
    )
    var textModel: String?

    @Option(
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp("What the detector looks for. Repeatable.", valueName: "words")
    )
    var text: [String] = []

    func validate() throws {
        try textModel?.checkedNotEmpty(named: "--text-model")
        guard (textModel == nil) == text.isEmpty else {
            throw ValidationError("--text-model and --text belong together: give both.")
        }
    }

    /// What is looked for, as it was typed.
    ///
    /// - Throws: `EightCutError` that names a text in which there is nothing to look for.
    func texts() throws -> [SearchedText] {
        try text.map { words in
            do throws(LabelQueries.Problem) {
                return try SearchedText(words, templates: .none)
            } catch {
                throw EightCutError(
                    .usage,
                    "cannot look for",
                    on: words,
                    because: "there is no letter from a to z in it",
                    remedy: "Name a thing in English, such as \"dog\", with --text."
                )
            }
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
