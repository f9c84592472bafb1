import ArgumentParser
import MaskPipeline
import Methods
import Progress
import Prompts

/// `8cut masks saliency`.
struct MasksSaliencyCommand: MasksMethodCommand {
    static let configuration = CommandConfiguration(
        commandName: "saliency",
        abstract: "Segment what is salient and moves; needs no checkpoint.",
        usage: "8cut masks saliency <options>",
        discussion: """
            Finds regions that differ from the border of the frame and move against the motion of \
            the camera. Works for one or a few moving objects; the documentation lists where it \
            fails.

            Examples:
              8cut masks saliency --input clip.mp4
              8cut masks saliency --input clip.mp4 --output masks --invert
              8cut masks saliency -i clip.mp4 --threshold 100 --overwrite
              8cut masks saliency --input clip.mp4 --preview sheet.png
            """
    )

    @OptionGroup(title: "Files") var files: MaskFileOptions

    @OptionGroup(title: "Masks") var masks: SaliencyMaskOptions

    @OptionGroup(title: "Progress") var progress: ProgressOptions

    func run() async throws { try await generate() }

    func method(
        for video: ProbedVideo,
        _ prompts: PromptList,
        _ models: LoadedModels,
        _ reporter: any ProgressReporter
    ) -> any MaskMethod {
        SaliencyMethod(threshold: masks.threshold)
    }
}

/// How masks are drawn.
struct SaliencyMaskOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The probability from which on a place is object: a level from 0 to 255.",
            valueName: "level"
        )
    )
    var threshold: UInt8 = SaliencyMethod.standardThreshold
}
