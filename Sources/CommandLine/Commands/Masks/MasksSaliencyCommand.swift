import ArgumentParser
import Methods
import Saliency

/// `8cut masks saliency`.
struct MasksSaliencyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "saliency",
        abstract: "Make masks of what stands out and moves, without any download.",
        discussion: """
            Finds what differs from the frame's border and moves against the camera's
            own motion. Good for one or a few moving objects; the documentation says
            what it is bad at.

            Examples:
              8cut masks saliency --input clip.mp4
              8cut masks saliency --input clip.mp4 --output masks --invert
              8cut masks saliency --input clip.mp4 --threshold 100 --smooth 0.8 --overwrite
              8cut masks saliency --input clip.mp4 --preview sheet.png
            """
    )

    @OptionGroup(title: "Files") var files: MaskFileOptions

    @Option(
        help: ArgumentHelp(
            "Where the saliency map is cut: otsu, or a level from 0 to 255.",
            valueName: "otsu|level"
        )
    )
    var threshold: LevelChoice = .otsu

    @Option(help: "Steadiness over time, from 0 (none) to 1.")
    var smooth: Double = SaliencySettings().smooth

    @OptionGroup(title: "Progress") var progress: ProgressOptions

    func validate() throws {
        guard (0...1).contains(smooth) else {
            throw ValidationError("--smooth must be between 0 and 1, not \(smooth).")
        }
        try files.validate()
    }

    func run() async throws {
        let settings = SaliencySettings(threshold: threshold.saliency, smooth: smooth)
        try await MaskJob(files: files) { _, _ in SaliencyMethod(settings) }.run(progress)
    }
}

extension LevelChoice {
    fileprivate var saliency: SaliencySettings.Threshold {
        switch self {
        case .otsu: .otsu
        case .level(let level): .fixed(level)
        }
    }
}
