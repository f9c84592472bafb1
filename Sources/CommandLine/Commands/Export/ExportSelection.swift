import ArgumentParser
import ClipExport
import ClipLibrary
import Files
import Media
import SystemPackage

/// Which clips to cut from which video, and the folder for them.
struct ExportSelection: ParsableArguments {
    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("The video, or a folder of images.", valueName: "video"),
        completion: .file()
    )
    var input: String?

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "Start of the clip: seconds, h:mm:ss.fff or @frame.",
            valueName: "start"
        )
    )
    var start: ClipStart?

    @Option(
        help: ArgumentHelp("The folder for the clips.", valueName: "folder"),
        completion: .directory
    )
    var to: String?

    @Option(help: ArgumentHelp("Name of the clips, without the number.", valueName: "name"))
    var name: String?

    @Option(
        help: ArgumentHelp(
            "Export every row of a table with the columns start, input, name, duration, label and "
                + "category. All but start are optional where an option sets them.",
            valueName: "cuts.csv"
        ),
        completion: .file(extensions: ["csv"])
    )
    var list: String?

    @Option(
        help: ArgumentHelp(
            "Export a clip of the library again, in its place, with its own settings where no "
                + "option changes them.",
            valueName: "clip"
        )
    )
    var replace: Int64?

    @Option(help: ArgumentHelp("Label of the sound.", valueName: "text"))
    var label: String?

    @Option(
        help: ArgumentHelp(
            "Category of the sound: Human, Animal, Vehicle, Tool, Music, Nature, Sport, Other, or "
                + "another word.",
            valueName: "word"
        )
    )
    var category: String?

    @Option(help: "Number of clips, each later than the one before.")
    var count = 1

    @Option(help: ArgumentHelp("Time from one start to the next.", valueName: "seconds"))
    var spread: Seconds = Seconds(nanoseconds: 1_000_000_000)

    func validate() throws {
        let given = [
            ("--input", input), ("--to", to), ("--name", name), ("--list", list),
            ("--label", label), ("--category", category),
        ]
        for (option, value) in given { try value?.checkedNotEmpty(named: option) }
        if replace != nil {
            guard to == nil, name == nil, list == nil, count == 1 else {
                throw ValidationError(
                    "--replace keeps folder and name: leave --to, --name, --list and --count out."
                )
            }
            return
        }
        guard to != nil else {
            throw ValidationError("Choose the folder for the clips, with --to.")
        }
        try count.checked(in: 1...1000, named: "--count")
        guard spread.nanoseconds > 0 else {
            throw ValidationError("--spread must be more than 0.")
        }
        if list == nil {
            guard input != nil else { throw ValidationError("Choose a video, with --input.") }
            guard start != nil else { throw ValidationError("Set the start, with --start.") }
            guard name != nil else { throw ValidationError("Name the clips, with --name.") }
        } else if start != nil {
            throw ValidationError("--list has the starts: leave --start out.")
        }
    }

    var inputPath: FilePath? { input.map { FilePath($0).absolute } }

    var folderPath: FilePath? { to.map { FilePath($0).absolute } }

    /// The clips to export.
    func requests(_ settings: CutSettings) throws -> [ExportRequest] {
        if let list {
            let defaults = CutList.Defaults(
                input: inputPath,
                name: name,
                label: label,
                category: category,
                settings: settings,
                count: count,
                spread: spread.nanoseconds
            )
            return try CutList(FilePath(list).absolute, defaults).requests
        }
        guard let inputPath, let start, let name else {
            throw ValidationError("--input, --start and --name are needed.")
        }
        var request = ExportRequest(
            input: inputPath,
            start: start,
            name: name,
            label: label,
            category: category,
            settings: settings
        )
        request.count = count
        request.spread = spread.nanoseconds
        return [request]
    }
}

extension ExportSelection {
    /// The clip of the library, exported again.
    func request(again clip: LibraryClip, _ settings: CutSettings) -> ExportRequest {
        ExportRequest(
            input: inputPath ?? FilePath(clip.source),
            // A microsecond later, so that rounding cannot lead to the frame before.
            start: start ?? .time(nanoseconds: clip.start + 1000),
            name: ClipName.stem(of: FilePath(clip.path).lastComponent?.string ?? "clip"),
            label: label ?? clip.label,
            category: category ?? clip.category,
            settings: settings
        )
    }
}

extension ClipStart: ExpressibleByArgument {
    package init?(argument: String) { self.init(argument) }
}
