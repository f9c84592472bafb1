import ArgumentParser
import Diagnostics
import Files
import Masks
import Previews
import SystemPackage

/// The files of a run, the same for every method.
struct MaskFileOptions: ParsableArguments {
    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("The video.", valueName: "video"),
        completion: .file()
    )
    var input: String

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
        guard !input.isEmpty else { throw ValidationError("--input is empty.") }
        guard output?.isEmpty != true else { throw ValidationError("--output is empty.") }
        if let preview {
            do {
                _ = try Preview.form(of: FilePath(preview))
            } catch let error as EightCutError {
                throw ValidationError("--preview \(preview): \(error.why). \(error.remedy ?? "")")
            }
        }
    }

    var inputPath: FilePath { FilePath(input).absolute }

    var outputPath: FilePath {
        output.map { FilePath($0).absolute } ?? MaskRun.defaultOutput(for: inputPath)
    }
}
