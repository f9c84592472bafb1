import ArgumentParser
import ClipLibrary
import Diagnostics
import Glibc

/// `8cut library relabel`.
struct LibraryRelabelCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "relabel",
        abstract: "Give clips another label or category, in dataset.json too."
    )

    @Argument(help: ArgumentHelp("The clips' numbers.", valueName: "clip"))
    var ids: [Int64]

    @Option(help: ArgumentHelp("What is heard.", valueName: "words"))
    var label: String?

    @Option(help: ArgumentHelp("What kind of thing is heard.", valueName: "word"))
    var category: String?

    func validate() throws {
        guard label != nil || category != nil else {
            throw ValidationError("Give --label, --category or both.")
        }
    }

    func run() async throws {
        let library = try await Library.openExisting()
        for id in ids { _ = try await LibraryLookup.clip(id, in: library) }
        for id in ids { try await library?.relabel(id, label: label, category: category) }
        for path in try await library?.publish(ids) ?? [] {
            Log(level: .normal).warning(
                "the list of clips was damaged; it is now \(quoted(path.string))"
            )
        }
        writeLine("\(ids.count) \(ids.count == 1 ? "clip" : "clips") relabelled", to: STDOUT_FILENO)
    }
}
