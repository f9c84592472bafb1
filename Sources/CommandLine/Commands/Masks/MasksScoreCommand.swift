import ArgumentParser
import Diagnostics
import Files
import MaskPipeline
import MaskQuality
import MaskScoring
import MaskStore
import Methods
import Progress
import SystemPackage

/// `8cut masks score`.
struct MasksScoreCommand: JobCommand {
    static let configuration = CommandConfiguration(
        commandName: "score",
        abstract: "Estimate which masks are wrong, without knowing the true ones.",
        usage: "8cut masks score [<options>] --input <video> --masks <folder>",
        discussion: """
            Scores run from 0 (wrong) to 1: an estimate of the IoU with the true mask, of each frame \
            and of the clip, whose score is the mean. They compare a mask with edges and motion in \
            the frame, with its neighbours, and with the built-in method. Where a checkpoint of \
            SAM 2 is installed, they compare it with what SAM 2 tracks as well, which takes as long \
            as making masks twice. Use them to put masks in order: a single score can be far off.

            The masks may be those of other programs: frame_0000.png and so on, or 00000.png and so \
            on, white or any other level on the object.

            The clip's score, its parts and the worst frames alone are written to standard output, \
            also with --quiet. The exit status is 65 when there is not one mask for each frame.

            Examples:
              8cut masks score --input clip.mp4 --masks clip_masks
              8cut masks score -i clip.mp4 --masks annotations --json
              8cut masks score -i clip.mp4 --masks clip_masks --no-tracking
            """
    )

    static let outputUse = OutputUse.result

    @Option(name: .shortAndLong, help: .video, completion: .file())
    var input: String

    @Option(help: ArgumentHelp("The folder of its masks.", valueName: "folder"))
    var masks: String

    @Flag(help: "Print one JSON document with all frames.")
    var json = false

    @Flag(help: "Leave out the comparison with what SAM 2 tracks.")
    var noTracking = false

    @OptionGroup(title: "SAM 2") var model: ModelOptions<SamModels>

    @OptionGroup var video: VideoInputOptions

    @OptionGroup var progress: ProgressOptions

    func validate() throws {
        try input.checkedNotEmpty(named: "--input")
        try masks.checkedNotEmpty(named: "--masks")
        if noTracking, let option = (model.model.map { _ in "--model" } ?? model.given.first) {
            throw ValidationError("\(option) is of no use with --no-tracking.")
        }
    }

    func run() async throws {
        try await runJob { reporter in try await score(reporter) }
    }

    private func score(
        _ reporter: any ProgressReporter
    ) async throws -> ProgressEvent.Finished {
        let path = FilePath(input)
        let scoring = try MaskScoring(input: path, masks: FilePath(masks))
        let meter = ProgressMeter()
        let reading = try video.reading(of: path, like: scoring.videoOptions)
        let video = try await ProbedVideo(path, reading)
        var result = try await scoring.run(video.stream, reporter)
        let models = LoadedModels()
        if !noTracking, let model = try await tracker(models) {
            result = try await TrackingCheck(
                video,
                model: model,
                models: models,
                reporter: reporter
            ).extend(result, scoring.masks)
        }
        for line in try json ? [JSONText.line(ScoreDocument(result))] : Self.lines(result) {
            try reporter.report(.output(.init(line: line)))
        }
        let judged = counted(result.frames.count, "mask") + " judged"
        if let problem = result.problem,
            let error = MaskSetProblem.error(of: [problem], done: judged + ".")
        {
            throw error
        }
        return ProgressEvent.Finished(meter, frames: result.frames.count) { _ in judged }
    }

    /// The checkpoint that is asked for, or else one that is installed.
    ///
    /// - Returns: nil where there is none that works, which is said.
    /// - Throws: `EightCutError` when the one that is asked for cannot be used; `CancellationError`.
    private func tracker(_ models: LoadedModels) async throws -> CheckpointModel? {
        if model.model != nil { return try await model.load(progress.log, models) }
        do {
            return try await model.load(progress.log, models) { onCPU, log in
                try Self.installedModel(onCPU: onCPU, log)
            }
        } catch let error as EightCutError {
            progress.log.warning(
                "left out: tracked and forwardBackward, the comparison with what SAM 2 tracks. "
                    + "\(error)"
            )
            return nil
        }
    }

    /// The default, or else the first that is there.
    private static func installedModel(onCPU: Bool, _ log: Log) throws -> String {
        let usual = try SamModels.defaultName(onCPU: onCPU, Log(level: .quiet))
        let isThere = { (name: String) in (try? SamModels.folder(of: name)) != nil }
        let name = isThere(usual) ? usual : SamModels.names.first(where: isThere) ?? usual
        log.note("comparing with what \(name) tracks: --no-tracking leaves that out")
        return name
    }

    /// Frames that are listed.
    private static let worstCount = 10

    private static func lines(_ result: MaskScoring.Result) -> [String] {
        guard let score = result.score else { return [] }
        let worst = result.frames.sorted { ($0.score, $0.frame) < ($1.score, $1.frame) }
            .prefix(worstCount)
        return ["score \(digits(score))"]
            + QualityPart.allCases.compactMap { part in
                result.parts[part].map { "\(part.rawValue) \(digits($0))" }
            }
            + worst.map { "frame \($0.frame) score \(digits($0.score))" }
    }

    /// Figures are given to three digits.
    fileprivate static func digits(_ value: Double) -> Double { (value * 1000).rounded() / 1000 }
}

/// What `--json` prints.
private struct ScoreDocument: Encodable {
    private let v = 1
    private let clip: Judged
    private let frames: [JudgedFrame]

    private struct Judged: Encodable {
        let score: Double?
        let parts: [String: Double]
    }

    private struct JudgedFrame: Encodable {
        let frame: Int
        let score: Double
        let parts: [String: Double]
    }

    init(_ result: MaskScoring.Result) {
        clip = Judged(
            score: result.score.map(MasksScoreCommand.digits),
            parts: Self.named(result.parts)
        )
        frames = result.frames.map {
            JudgedFrame(
                frame: $0.frame,
                score: MasksScoreCommand.digits($0.score),
                parts: Self.named($0.parts)
            )
        }
    }

    private static func named(_ parts: [QualityPart: Double]) -> [String: Double] {
        Dictionary(
            uniqueKeysWithValues: parts.map {
                ($0.key.rawValue, MasksScoreCommand.digits($0.value))
            }
        )
    }
}
