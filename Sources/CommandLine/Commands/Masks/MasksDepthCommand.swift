import ArgumentParser
import DepthMasks
import MaskPipeline
import Methods
import Progress
import Prompts

/// `8cut masks depth`.
struct MasksDepthCommand: MasksMethodCommand {
    static let configuration = CommandConfiguration(
        commandName: "depth",
        abstract: "Segment the foreground, with Depth Anything V2.",
        discussion: """
            Estimates the depth of every frame, thresholds it with Otsu's method, and takes the \
            nearer side. It needs the ML tools and a checkpoint: run 8cut tools install, then \
            8cut models download depth-anything-v2-small.

            Examples:
              8cut masks depth --input clip.mp4
              8cut masks depth --input clip.mp4 --steady --preview sheet.png
              8cut masks depth --input clip.mp4 --object moving
              8cut masks depth -i clip.mp4 --model depth-anything-v2-large --device cuda
              8cut masks depth --input clip.mp4 --model ./my-checkpoint --save-depth
            """
    )

    static var remedies: Remedies { remedies(settings: ["a smaller resolution": "--resolution"]) }

    @OptionGroup(title: "Files") var files: MaskFileOptions

    @OptionGroup(title: "Masks") var masks: DepthMaskOptions

    @OptionGroup(title: "Model") var model: ModelOptions<DepthModels>

    @OptionGroup(title: "Model") var engine: EngineOptions

    @OptionGroup(title: "Progress") var progress: ProgressOptions

    func validate() throws { try engine.refuse(masks.given + model.given + files.video.given) }

    func run() async throws { try await generate() }

    func prepare(_ models: LoadedModels) async throws {
        try await model.prepare(engine, progress.log, models)
    }

    func method(
        for video: ProbedVideo,
        _ prompts: PromptList,
        _ models: LoadedModels,
        _ reporter: any ProgressReporter
    ) async throws -> any MaskMethod {
        if engine.isReference {
            let folder = try model.folderForReference(progress.log)
            return ReferenceMethod(.depth, input: video.path, model: folder.string)
        }
        let settings = DepthSettings(
            threshold: masks.threshold.depth,
            isSteady: masks.steady,
            resolution: masks.resolution,
            keepsDepth: masks.saveDepth,
            object: masks.object
        )
        let model = try await model.load(progress.log, models)
        return DepthMethod(settings, model: model, models: models)
    }
}

/// How masks are drawn from depth.
struct DepthMaskOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Depth threshold: otsu, or a level from 0 (farthest) to 255 (nearest).",
            valueName: "otsu|level"
        )
    )
    var threshold: LevelChoice = .otsu

    @Option(
        help: ArgumentHelp(
            "What of the foreground is the object: all that is near, or the connected parts of it "
                + "that move.",
            valueName: "near|moving"
        )
    )
    var object: DepthObject = .near

    @Flag(help: "Smooth the depth range and the threshold over time to reduce flicker.")
    var steady = false

    @Option(
        help: ArgumentHelp(
            "Shorter side of the model's input. (default: that of the checkpoint)",
            valueName: "pixels"
        )
    )
    var resolution: Int?

    @Flag(help: "Keep the depth maps: 16-bit grey PNG files in the folder depth.")
    var saveDepth = false

    func validate() throws { try resolution?.checked(in: 14...8192, named: "--resolution") }

    /// The options that were given, which the reference script does not have.
    var given: [String] {
        [
            ("--threshold", threshold != .otsu), ("--object", object != .near),
            ("--steady", steady),
            ("--resolution", resolution != nil), ("--save-depth", saveDepth),
        ].filter(\.1).map(\.0)
    }
}

extension DepthObject: ExpressibleByArgument {}

extension LevelChoice {
    fileprivate var depth: DepthThreshold {
        switch self {
        case .otsu: .otsu
        case .level(let level): .fixed(level)
        }
    }
}
