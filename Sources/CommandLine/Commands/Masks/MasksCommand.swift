import ArgumentParser
import MaskPipeline
import Methods
import Progress
import Prompts

/// `8cut masks`: the methods.
struct MasksCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "masks",
        abstract: "Generate one mask per frame.",
        discussion: """
            Masks are 8-bit grey PNG files of the size of the video, 255 on the object and 0 \
            elsewhere: frame_0000.png, frame_0001.png, … The manifest masks.json is beside them.

            An interrupted run resumes when the same command is given again. Once all masks \
            exist, running it again exits immediately.

            --clip and --last take a clip of the library, and record its masks there.

            Examples:
              8cut masks saliency --input clip.mp4
              8cut masks depth --last --steady
              8cut masks sam --clip 12 --point 640,360
            """,
        subcommands: [
            MasksSaliencyCommand.self, MasksDepthCommand.self, MasksSamCommand.self,
            MasksScoreCommand.self,
        ]
    )
}

/// A command that generates masks.
protocol MasksMethodCommand: JobCommand, AdvisingCommand, Sendable {
    /// The video and the output.
    var files: MaskFileOptions { get }

    /// Reads what selects the objects.
    ///
    /// - Parameter label: where the clip's own label is.
    /// - Returns: the prompts, and the files that say them.
    /// - Throws: `EightCutError` when there is a mistake in it.
    func readPrompts(_ label: ClipLabel) throws -> GivenPrompts

    /// Finds what the method needs besides a video, so that it is known to be there.
    ///
    /// - Parameter models: keeps it.
    /// - Throws: `EightCutError` when there is no such checkpoint or device; `CancellationError`.
    func prepare(_ models: LoadedModels) async throws

    /// How a run that takes long could be faster.
    ///
    /// - Parameter models: has what the run uses.
    /// - Returns: a clause for a note; nil when nothing is known.
    /// - Throws: what `prepare` throws.
    func speedAdvice(_ models: LoadedModels) async throws -> String?

    /// The method for a video.
    ///
    /// - Parameters:
    ///   - video: the video.
    ///   - prompts: what selects the objects.
    ///   - models: keeps models loaded.
    ///   - reporter: receives what is found out about the video.
    /// - Returns: the method.
    /// - Throws: `EightCutError` when the method cannot work on the video; `CancellationError`.
    func method(
        for video: ProbedVideo,
        _ prompts: PromptList,
        _ models: LoadedModels,
        _ reporter: any ProgressReporter
    ) async throws -> any MaskMethod
}

extension MasksMethodCommand {
    static var remedies: Remedies { remedies(settings: [:]) }

    /// The remedies of all methods, with the options of one's own settings.
    static func remedies(settings: [String: String]) -> Remedies {
        Remedies(
            output: "--output",
            byCode: [
                .outputUnusable: "Choose a folder that you may write to, with --output.",
                .outputBusy: "Or choose another folder, with --output.",
                .outputDiffers:
                    "Choose another folder with --output, or add --overwrite to replace those masks.",
            ],
            settings: settings
        )
    }
}
