import ArgumentParser
import ClipLibrary
import ClipReview
import Diagnostics
import Files
import MaskPipeline
import MaskStore
import Previews
import SystemPackage

/// The files of a run, the same for every method.
struct MaskFileOptions: ParsableArguments {
    @Option(name: .shortAndLong, help: .video, completion: .file())
    var input: String?

    @Option(
        help: ArgumentHelp(
            "Instead of --input, a clip of the library: its number, or the path of its file.",
            valueName: "clip"
        )
    )
    var clip: ClipReference?

    @Flag(help: "Instead of --input, the clip that was exported last.")
    var last = false

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "The folder for the masks: new, empty, or made by 8cut. (default: VIDEO_masks "
                + "beside the video)",
            valueName: "folder"
        ),
        completion: .directory
    )
    var output: String?

    @Flag(help: "Make the object black and the background white.")
    var invert = false

    @Flag(
        help: """
            Replace the masks of another video or other settings, once all are done; and for \
            --preview and --video, a file that is not an unchanged one made by 8cut.
            """
    )
    var overwrite = false

    @Option(
        help: ArgumentHelp(
            "Also write a preview: a contact sheet (.png) or a video with audio (.mp4).",
            valueName: "file"
        ),
        completion: .file(extensions: ["png", "mp4"])
    )
    var preview: String?

    @Option(
        name: .customLong("video"),
        help: ArgumentHelp(
            "Also write the masks as a lossless grey video (.mkv, .mp4, .mov), one frame for each "
                + "frame of the video, as 0 and 255.",
            valueName: "file"
        ),
        completion: .file(extensions: ["mkv", "mp4", "mov"])
    )
    var maskVideo: String?

    @OptionGroup var video: VideoInputOptions

    func validate() throws {
        guard [input != nil, clip != nil, last].count(where: \.self) == 1 else {
            throw ValidationError("Choose one video, with --input, --clip or --last.")
        }
        try input?.checkedNotEmpty(named: "--input")
        try output?.checkedNotEmpty(named: "--output")
        try checkName(preview, of: .preview, named: "--preview")
        try checkName(maskVideo, of: .maskVideo, named: "--video")
    }

    private func checkName(
        _ name: String?,
        of content: PreviewOutput.Content,
        named option: String
    ) throws {
        guard let name else { return }
        do {
            _ = try PreviewOutput.form(of: FilePath(name), content)
        } catch let error as EightCutError {
            throw ValidationError("\(option) \(name): \(error.why). \(error.remedy ?? "")")
        }
    }

    /// The options that were given, which belong to a run.
    var given: [String] {
        [
            ("--output", output != nil), ("--invert", invert), ("--overwrite", overwrite),
            ("--preview", preview != nil), ("--video", maskVideo != nil),
        ].filter(\.1).map(\.0)
    }

    /// Finds the video. The library is looked at only for a clip of it.
    ///
    /// - Throws: `EightCutError` when there is no such clip.
    func find() async throws -> MaskFiles {
        var (clip, found): (LibraryClip?, FilePath) = (nil, FilePath(input ?? "").absolute)
        if input == nil {
            let library = try await Library.openExisting()
            let known =
                if let reference = self.clip {
                    try await reference.clip(in: library)
                } else {
                    try await LibraryLookup.lastClip(in: library)
                }
            (clip, found) = (known, FilePath(known.path))
        }
        return MaskFiles(
            input: found,
            output: output.map { FilePath($0).absolute } ?? MaskFolder.defaultPath(for: found),
            clip: clip?.id,
            label: clip.map { .known($0.label, clip: "clip \($0.id)") } ?? .beside(found)
        )
    }
}

/// The input and output of a run.
struct MaskFiles: Sendable {
    /// The video, or an image sequence.
    let input: FilePath
    /// The folder for the masks.
    let output: FilePath
    /// The clip's number, when it was found in the library.
    let clip: Int64?
    /// Where the clip's label is.
    let label: ClipLabel

    /// Records a finished run, for a clip that was found in the library.
    func record(_ run: RunSummary) async throws {
        guard let clip, let library = try await Library.openExisting() else { return }
        try await library.recordMasks(
            of: clip,
            method: run.method.name,
            path: output.string,
            settings: try JSONText.line(run.method.settings),
            frameCount: run.frameCount,
            confidence: run.confidence,
            score: run.score,
            digest: CurrentMasks.digest(of: output)
        )
        for aside in try await library.publish([clip]) { DatasetFile.reportDamage(aside) }
    }
}
