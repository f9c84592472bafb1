import ArgumentParser
import ClipLibrary
import Diagnostics

/// `8cut library relabel`.
struct LibraryRelabelCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "relabel",
        abstract: "Change the label or category of clips, also in dataset.json.",
        discussion: """
            Examples:
              8cut library relabel 12 --label "dog barking" --category Animal
              8cut library relabel 12 13 14 --category Vehicle
            """
    )

    @Argument(help: .clips)
    var clips: [ClipReference]

    @Option(help: ArgumentHelp("Label of the sound.", valueName: "text"))
    var label: String?

    @Option(help: ArgumentHelp("Category of the sound.", valueName: "word"))
    var category: String?

    func validate() throws {
        guard label != nil || category != nil else {
            throw ValidationError("Set --label, --category or both.")
        }
    }

    func run() async throws {
        let library = try await Library.openExisting()
        let ids = try await clips.clips(in: library).map(\.id)
        for id in ids { try await library?.relabel(id, label: label, category: category) }
        for path in try await library?.publish(ids) ?? [] {
            DatasetFile.reportDamage(path)
        }
        try Listing.write("\(ids.count) \(ids.count == 1 ? "clip" : "clips") relabelled")
    }
}
