import ArgumentParser
import ClipExport
import ClipLibrary
import Files
import Media
import SystemPackage

/// Which clips to cut from which video, and the folder for them.
struct ExportSelection: ParsableArguments {
    @Option(name: .shortAndLong, help: .video, completion: .file())
    var input: String?

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "Start of the clip: seconds, h:mm:ss.fff, h:mm:ss:frame or @frame.",
            valueName: "start"
        ),
        transform: ClipStart.init(option:)
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
            "Export every row of a table with the columns start, end or duration, input, name, "
                + "label and category. All but start are optional where an option sets them.",
            valueName: "cuts.csv"
        ),
        completion: .file(extensions: ["csv", "tsv", "json"])
    )
    var list: String?

    @Flag(help: "Export the rows of --list again whose clips are in the folder already.")
    var again = false

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
        if again, list == nil { throw ValidationError("--again belongs to --list.") }
    }

    var inputPath: FilePath? {
        input.map { TypedPath($0, in: FilePath("").absolute).path }
    }

    var folderPath: FilePath? { to.map { FilePath($0).absolute } }

    /// The clips to export, and what the user should know of the table that has them.
    func requests(_ settings: CutSettings) throws -> ([ExportRequest], notes: [String]) {
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
            let cuts = try CutList(FilePath(list).absolute, defaults)
            guard again else { return (cuts.requests, cuts.notes) }
            let requests = cuts.requests.map { request in
                var request = request
                request.skipsExisting = false
                return request
            }
            return (requests, cuts.notes)
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
        return ([request], [])
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

extension ClipStart {
    /// - Throws: `ValidationError` that says why the text is no start.
    fileprivate init(option text: String) throws {
        do {
            try self.init(parsing: text)
        } catch {
            throw ValidationError(error.why + ".")
        }
    }
}
