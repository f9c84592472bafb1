import ArgumentParser
import Checkpoints
import DepthMasks
import Diagnostics
import Files
import Methods
import NeuralGraph

/// `8cut masks depth`.
struct MasksDepthCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "depth",
        abstract: "Make masks of what is near, with Depth Anything V2.",
        discussion: """
            Estimates the depth of every frame, cuts it at Otsu's threshold, and takes the nearer
            side. It needs the ML tools and a checkpoint: 8cut tools install, then
            8cut models download depth-anything-v2-small.

            Examples:
              8cut masks depth --input clip.mp4
              8cut masks depth --input clip.mp4 --steady --preview sheet.png
              8cut masks depth -i clip.mp4 --model depth-anything-v2-large --device cuda
              8cut masks depth --input clip.mp4 --model ./my-checkpoint --save-depth
            """
    )

    @OptionGroup(title: "Files") var files: MaskFileOptions

    @OptionGroup(title: "Model") var model: DepthModelOptions

    @OptionGroup(title: "Model") var inference: InferenceOptions

    @Option(
        help: ArgumentHelp(
            "Where depth is cut: otsu, or a level from 0 (farthest) to 255 (nearest).",
            valueName: "otsu|level"
        )
    )
    var threshold: LevelChoice = .otsu

    @Flag(help: "Take limits and threshold over time, so that masks do not flicker.")
    var steady = false

    @Option(
        help: ArgumentHelp(
            "The pixels that a frame's shorter side is brought to for the model.",
            valueName: "pixels"
        )
    )
    var resolution: Int?

    @Flag(help: "Keep the depth maps: 16-bit grey PNG files in the folder depth.")
    var saveDepth = false

    @OptionGroup var engine: EngineOptions

    @OptionGroup(title: "Progress") var progress: ProgressOptions

    func validate() throws {
        try engine.refuse(optionsOfNative)
        if let resolution, !(14...8192).contains(resolution) {
            throw ValidationError("--resolution must be between 14 and 8192, not \(resolution).")
        }
        try files.validate()
        try inference.validate()
        try model.validate(inference)
    }

    func run() async throws {
        let settings = DepthSettings(
            threshold: threshold.depth,
            isSteady: steady,
            resolution: resolution,
            keepsDepth: saveDepth
        )
        try await MaskJob(files: files) { log, video in
            if engine.isReference {
                let folder = try model.folderForReference(log)
                return ReferenceMethod(.depth, input: video.path, model: folder.string)
            }
            return DepthMethod(settings, model: try await model.load(inference, log))
        }.run(progress)
    }
}

extension MasksDepthCommand {
    /// What was given that the reference script does not have.
    private var optionsOfNative: [String] {
        let given = [
            ("--threshold", threshold != .otsu), ("--steady", steady),
            ("--resolution", resolution != nil), ("--save-depth", saveDepth),
            ("--precision", model.precision != .float32), ("--device", inference.device != .auto),
            ("--threads", inference.threads != nil),
        ]
        return given.filter(\.1).map(\.0)
    }
}

extension LevelChoice {
    fileprivate var depth: DepthThreshold {
        switch self {
        case .otsu: .otsu
        case .level(let level): .fixed(level)
        }
    }
}
