import ArgumentParser
import ClipExport
import ClipLibrary
import Files
import Media
import SystemPackage

/// Which clips are cut out of what, and where they go.
struct ExportSelection: ParsableArguments {
    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("The video.", valueName: "video"),
        completion: .file()
    )
    var input: String?

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "Where the clip begins: seconds, h:mm:ss.fff or @frame.",
            valueName: "start"
        )
    )
    var start: ClipStart?

    @Option(
        help: ArgumentHelp("The folder for the clips.", valueName: "folder"),
        completion: .directory
    )
    var to: String?

    @Option(help: ArgumentHelp("The clips' name, to which a number is added.", valueName: "name"))
    var name: String?

    @Option(
        help: ArgumentHelp(
            "Cut all lines of a table with the columns start, input, name, duration, label, "
                + "category; all but start may be left to the options.",
            valueName: "cuts.csv"
        ),
        completion: .file(extensions: ["csv"])
    )
    var list: String?

    @Option(
        help: ArgumentHelp(
            "Cut a clip of the library again, in its place, with the values that it has and those "
                + "that are given.",
            valueName: "clip"
        )
    )
    var replace: Int64?

    @Option(help: ArgumentHelp("What is heard.", valueName: "words"))
    var label: String?

    @Option(
        help: ArgumentHelp(
            "What kind of thing is heard: Human, Animal, Vehicle, Tool, Music, Nature, Sport, "
                + "Other, or another word.",
            valueName: "word"
        )
    )
    var category: String?

    @Option(help: "How many clips, each later than the one before.")
    var count = 1

    @Option(help: ArgumentHelp("Seconds from one of them to the next.", valueName: "seconds"))
    var spread: Seconds = Seconds(nanoseconds: 1_000_000_000)

    func validate() throws {
        let given = [
            ("input", input), ("to", to), ("name", name), ("list", list), ("label", label),
            ("category", category),
        ]
        for (name, value) in given where value?.isEmpty == true {
            throw ValidationError("--\(name) is empty.")
        }
        if replace != nil {
            guard to == nil, name == nil, list == nil, count == 1 else {
                throw ValidationError(
                    "--replace keeps folder and name: leave --to, --name, --list and --count out."
                )
            }
            return
        }
        guard to != nil else { throw ValidationError("Say where the clips go, with --to.") }
        guard (1...1000).contains(count) else {
            throw ValidationError("--count must be between 1 and 1000, not \(count).")
        }
        guard spread.nanoseconds > 0 else {
            throw ValidationError("--spread must be more than 0.")
        }
        if list == nil {
            guard input != nil else { throw ValidationError("Name a video, with --input.") }
            guard start != nil else { throw ValidationError("Say where, with --start.") }
            guard name != nil else { throw ValidationError("Name the clips, with --name.") }
        } else if start != nil {
            throw ValidationError("--list brings the starts; leave --start out.")
        }
    }

    var inputPath: FilePath? { input.map { FilePath($0).absolute } }

    var folderPath: FilePath? { to.map { FilePath($0).absolute } }

    /// What is asked for.
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
    /// What is asked for of a clip that is cut again.
    func request(again clip: LibraryClip, _ settings: CutSettings) -> ExportRequest {
        ExportRequest(
            input: inputPath ?? FilePath(clip.source),
            // A microsecond later, so that rounding cannot lead to the picture before.
            start: start ?? .time(nanoseconds: clip.start + 1000),
            name: FilePath(clip.path).stem ?? "clip",
            label: label ?? clip.label,
            category: category ?? clip.category,
            settings: settings
        )
    }
}

extension ClipStart: ExpressibleByArgument {
    /// Reads what stands behind `--start`.
    package init?(argument: String) { self.init(argument) }
}
