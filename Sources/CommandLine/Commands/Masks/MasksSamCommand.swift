import ArgumentParser
import Checkpoints
import Diagnostics
import Files
import Media
import Methods
import NeuralGraph
import Prompts
import SystemPackage

/// `8cut masks sam`.
struct MasksSamCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sam",
        abstract: "Make masks of what you point at, with SAM 2.",
        discussion: """
            Takes points, boxes or masks of one or several objects on any frames, and carries them
            through the whole video, forwards and backwards. A later prompt on the same object
            corrects it. Without a prompt it takes what is in the middle of the first frame. It
            needs the ML tools and a checkpoint: 8cut tools install, then
            8cut models download sam2.1-hiera-tiny.

            Examples:
              8cut masks sam --input clip.mp4
              8cut masks sam -i clip.mp4 --point 640,360 --point 200,80,-
              8cut masks sam -i clip.mp4 --box 100,50,420,300@24 --preview sheet.png
              8cut masks sam -i clip.mp4 --point 0.2w,0.5h --point 0.8w,0.5h#2 --objects labels
              8cut masks sam -i clip.mp4 --prompts prompts.json --objects separate
            """
    )

    @OptionGroup(title: "Files") var files: MaskFileOptions

    @OptionGroup(title: "Prompts") var prompts: PromptOptions

    @OptionGroup(title: "Model") var model: SamModelOptions

    @OptionGroup(title: "Model") var inference: InferenceOptions

    @Option(
        help: ArgumentHelp(
            "What is written besides the mask of all objects: nothing (union), a mask for each "
                + "(separate), or a picture of their numbers (labels).",
            valueName: "union|separate|labels"
        )
    )
    var objects: SamSettings.Objects = .union

    @Option(
        help: ArgumentHelp(
            "Fill holes of at most so many pixels of the model's masks.",
            valueName: "pixels"
        )
    )
    var fillHoles = SamSettings.defaultFillHoles

    @Option(
        help: ArgumentHelp(
            "Drop specks of at most so many pixels of the model's masks.",
            valueName: "pixels"
        )
    )
    var dropSpecks = 0

    @OptionGroup var engine: EngineOptions

    @Flag(
        help: ArgumentHelp(
            "Keep the model, read requests from standard input and answer on standard output, "
                + "one JSON object a line, until standard input is closed: docs/interactive.md."
        )
    )
    var interactive = false

    @OptionGroup(title: "Progress") var progress: ProgressOptions

    func validate() throws {
        try engine.refuse(optionsOfNative)
        if interactive, let option = optionsOfRun.first {
            throw ValidationError("\(option) does not go with --interactive: requests say that.")
        }
        for (option, count) in [("--fill-holes", fillHoles), ("--drop-specks", dropSpecks)] {
            guard SamSettings.pixelCounts.contains(count) else {
                throw ValidationError("\(option) must be between 0 and 1000000, not \(count).")
            }
        }
        try files.validate()
        try prompts.validate()
        try inference.validate()
        try model.validate(inference)
    }

    func run() async throws {
        if interactive { return try await serve() }
        try await MaskJob(files: files) { log, video in
            let list = try prompts.read()
            let resolved = try await list.resolve(for: video.stream, of: video.path)
            if engine.isReference {
                let folder = try model.folderForReference(log)
                return ReferenceMethod(
                    .sam(prompts: list.isEmpty ? resolved.canonicalJSON : list.json),
                    input: video.path,
                    model: folder.string
                )
            }
            let settings = SamSettings(
                prompts: resolved,
                objects: objects,
                fillHoles: fillHoles,
                dropSpecks: dropSpecks,
                memory: model.memoryUse
            )
            return SamMethod(settings, model: try await model.load(inference, log))
        }.run(progress)
    }
}

extension SamSettings.Objects: ExpressibleByArgument {}
