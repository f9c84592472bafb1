import ArgumentParser
import ClipLibrary
import Diagnostics
import Files
import MaskPipeline
import MaskStore
import Previews
import SystemPackage

/// The files of a run, the same for every method.
struct MaskFileOptions: ParsableArguments {
    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("The video, or a folder of pictures.", valueName: "video"),
        completion: .file()
    )
    var input: String?

    @Option(help: ArgumentHelp("A clip of the library instead, by its number.", valueName: "clip"))
    var clip: Int64?

    @Flag(help: "The clip that was cut last instead.")
    var last = false

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "The folder for the masks; next to the video, named after it, unless given.",
            valueName: "folder"
        ),
        completion: .directory
    )
    var output: String?

    @Flag(help: "Make the object black and the background white.")
    var invert = false

    @Flag(
        help: "Replace masks of another video or of other settings, when the new ones are done."
    )
    var overwrite = false

    @Option(
        help: ArgumentHelp(
            "Also make a preview: a contact sheet (.png) or a film with sound (.mp4).",
            valueName: "file"
        ),
        completion: .file(extensions: ["png", "mp4"])
    )
    var preview: String?

    func validate() throws {
        guard [input != nil, clip != nil, last].count(where: \.self) == 1 else {
            throw ValidationError("Name one video, with --input, --clip or --last.")
        }
        guard input?.isEmpty != true else { throw ValidationError("--input is empty.") }
        guard output?.isEmpty != true else { throw ValidationError("--output is empty.") }
        if let preview {
            do {
                _ = try Preview.form(of: FilePath(preview))
            } catch let error as EightCutError {
                throw ValidationError("--preview \(preview): \(error.why). \(error.remedy ?? "")")
            }
        }
    }

    /// Finds the video. The library is looked at only for a clip of it.
    ///
    /// - Throws: `EightCutError` when there is no such clip.
    func find() async throws -> MaskFiles {
        var (clip, found): (LibraryClip?, FilePath) = (nil, FilePath(input ?? "").absolute)
        if input == nil {
            let library = try await Library.openExisting()
            let known =
                if let id = self.clip {
                    try await LibraryLookup.clip(id, in: library)
                } else {
                    try await LibraryLookup.lastClip(in: library)
                }
            (clip, found) = (known, FilePath(known.path))
        }
        return MaskFiles(
            input: found,
            output: output.map { FilePath($0).absolute } ?? MaskFolder.defaultPath(for: found),
            clip: clip?.id
        )
    }
}
