import ArgumentParser
import Methods
import Saliency

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
              8cut masks saliency -i clip.mp4 --threshold 100 --smooth 0.8 --overwrite
              8cut masks saliency --input clip.mp4 --preview sheet.png
            """
    )

    @OptionGroup(title: "Files") var files: MaskFileOptions

    @OptionGroup(title: "Masks") var masks: SaliencyMaskOptions

    @OptionGroup(title: "Progress") var progress: ProgressOptions

    func run() async throws {
        let settings = SaliencySettings(threshold: masks.threshold.saliency, smooth: masks.smooth)
        try await runMasks(files) { _ in SaliencyMethod(settings) }
    }
}

/// How masks are drawn from saliency.
struct SaliencyMaskOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Threshold of the saliency map: otsu, or a level from 0 to 255.",
            valueName: "otsu|level"
        )
    )
    var threshold: LevelChoice = .otsu

    @Option(
        help: ArgumentHelp("Temporal smoothing, from 0 (none) to 1.", valueName: "strength")
    )
    var smooth: Double = SaliencySettings().smooth

    func validate() throws { try smooth.checked(in: 0...1, named: "--smooth") }
}

extension LevelChoice {
    fileprivate var saliency: SaliencySettings.Threshold {
        switch self {
        case .otsu: .otsu
        case .level(let level): .fixed(level)
        }
    }
}
