import ArgumentParser
import MaskPipeline
import Methods
import Progress
import Prompts
import SAM2

/// `8cut masks sam`.
struct MasksSamCommand: MasksMethodCommand {
    static let configuration = CommandConfiguration(
        commandName: "sam",
        abstract: "Segment and track what you point at, with SAM 2 or EdgeTAM.",
        discussion: """
            Takes points, boxes and masks of one or more objects on any frames, and tracks the \
            objects through the whole video, forwards and backwards. A later prompt on the same \
            object corrects it. Without prompts it takes the object that 8cut detect finds best; \
            with --text, what the text names. \
            It needs the ML tools and a checkpoint: run 8cut tools install, then \
            8cut models download sam2.1-hiera-tiny. EdgeTAM is several times as fast on a CPU, and \
            less exact: 8cut models download edgetam. Give it a box or two points for each object.

            Examples:
              8cut masks sam --input clip.mp4
              8cut masks sam -i clip.mp4 --point 640,360 --point 200,80,-
              8cut masks sam -i clip.mp4 --box 100,50,420,300@24 --preview sheet.png
              8cut masks sam -i clip.mp4 --point 90,60 --point 300,80#2 --objects labels
              8cut masks sam -i clip.mp4 --prompts prompts.json --objects separate
              8cut masks sam -i clip.mp4 --text dog --preview sheet.png
              8cut masks sam --last --text
              8cut masks sam -i clip.mp4 --model edgetam --resolution 768
            """
    )

    static var remedies: Remedies {
        remedies(
            settings: [
                "another resolution": "--resolution", "whole memories": "--pool-memories 1",
                "a lower threshold": "--text-threshold",
            ]
        )
    }

    @OptionGroup(title: "Files") var files: MaskFileOptions

    @OptionGroup(title: "Masks") var masks: SamMaskOptions

    @OptionGroup(title: "Prompts") var prompts: PromptOptions

    @OptionGroup(title: "Texts") var texts: TextOptions

    @OptionGroup(title: "Model") var model: ModelOptions<SamModels>

    @OptionGroup(title: "Model") var tracking: SamTrackingOptions

    @OptionGroup(title: "Model") var engine: EngineOptions

    @Flag(
        help: """
            Keep the model loaded, read requests from standard input and answer on standard \
            output, one JSON object per line, until standard input is closed.
            """
    )
    var interactive = false

    @OptionGroup(title: "Progress") var progress: ProgressOptions

    func validate() throws {
        try engine.refuse(
            masks.given + texts.given + model.given + tracking.given + files.video.given
                + (interactive ? ["--interactive"] : [])
        )
        if interactive,
            let option = (masks.given + prompts.given + texts.given + files.given)
                .first
        {
            throw ValidationError("\(option) does not go with --interactive: requests set that.")
        }
    }

    func run() async throws {
        if interactive { try await serve() } else { try await generate() }
    }

    func readPrompts(_ label: ClipLabel) throws -> GivenPrompts {
        var given = try prompts.readGiven()
        try texts.add(to: &given.list, label)
        return given
    }

    func prepare(_ models: LoadedModels) async throws {
        try await model.prepare(engine, progress.log, models)
        if texts.isUsed { _ = try await detector(models) }
    }

    func method(
        for video: ProbedVideo,
        _ prompts: PromptList,
        _ models: LoadedModels,
        _ reporter: any ProgressReporter
    ) async throws -> any MaskMethod {
        let log = progress.log
        if !engine.isReference, !prompts.texts.isEmpty {
            if !prompts.openTexts.isEmpty {
                return try await textMethod(for: video, prompts, models)
            }
            log.note("nothing is looked for: all objects of the texts are marked")
        } else {
            try texts.requireTexts()
        }
        let prompts = engine.isReference ? prompts : prompts.marks
        let resolved = try await prompts.resolve(for: video.stream, of: video.path)
        if engine.isReference {
            let folder = try model.folderForReference(log)
            let size = (width: video.stream.width, height: video.stream.height)
            let placed = prompts.placed(width: size.width, height: size.height)
            return ReferenceMethod(
                .sam(prompts: prompts.isEmpty ? resolved.canonicalJSON : placed.json),
                input: video.path,
                model: folder.string
            )
        }
        let checkpoint = try await model.load(log, models)
        return SamMethod(
            try settings(prompts.isEmpty ? nil : resolved, checkpoint),
            model: checkpoint,
            models: models,
            onFound: { found in
                if let summary = found.summary { log.note(summary) }
                if let warning = found.warning { try reporter.report(.warning(warning)) }
            }
        )
    }

    func settings(
        _ prompts: ResolvedPrompts?,
        _ checkpoint: CheckpointModel
    ) throws -> SamSettings {
        let configuration = try Sam2Configuration.read(from: checkpoint.folder)
        if configuration.isEdgeTAM, let prompts { noteSinglePoints(prompts) }
        return SamSettings(
            prompts: prompts,
            objects: masks.objects,
            fillHoles: masks.fillHoles,
            dropSpecks: masks.dropSpecks,
            options: tracking.options(of: configuration)
        )
    }

    func speedAdvice(_ models: LoadedModels) async throws -> String? {
        guard !engine.isReference, tracking.resolution == nil else { return nil }
        let checkpoint = try await model.load(progress.log, models)
        guard checkpoint.session.device == .cpu else { return nil }
        return try Sam2Configuration.read(from: checkpoint.folder).isEdgeTAM
            ? "--resolution 768 or 512 is faster, and less exact"
            : "--model edgetam and --resolution 512 are several times as fast, and less exact"
    }

    /// Says where EdgeTAM knows less of an object than SAM 2 would.
    private func noteSinglePoints(_ prompts: ResolvedPrompts) {
        for object in prompts.objects where object.startsWithOnePoint {
            progress.log.note(
                "object \(object.number) has a single point, which EdgeTAM follows less surely "
                    + "than SAM 2 does: add a second point or a box"
            )
        }
    }
}

/// What is drawn of the tracked objects.
struct SamMaskOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "What to write besides the mask of all objects: nothing (union), a mask for each "
                + "object (separate), or an image of object numbers (labels).",
            valueName: "objects"
        )
    )
    var objects: SamSettings.Objects = .union

    @Option(help: ArgumentHelp("Fill holes of up to this many pixels.", valueName: "pixels"))
    var fillHoles = SamSettings.defaultFillHoles

    @Option(
        help: ArgumentHelp("Remove components of up to this many pixels.", valueName: "pixels")
    )
    var dropSpecks = 0

    func validate() throws {
        try fillHoles.checked(in: SamSettings.pixelCounts, named: "--fill-holes")
        try dropSpecks.checked(in: SamSettings.pixelCounts, named: "--drop-specks")
    }

    /// The options that were given.
    var given: [String] {
        [
            ("--objects", objects != .union),
            ("--fill-holes", fillHoles != SamSettings.defaultFillHoles),
            ("--drop-specks", dropSpecks != 0),
        ].filter(\.1).map(\.0)
    }
}

extension SamSettings.Objects: ExpressibleByArgument {}
