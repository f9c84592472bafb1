import ArgumentParser
import ClipExport
import ClipLibrary

/// `8cut library delete`.
struct LibraryDeleteCommand: AdvisingCommand, AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete",
        abstract: "Move clips and their masks to the trash, and remove them from the library.",
        discussion: """
            Only masks that the library knows are deleted with a clip; other files stay.

            Examples:
              8cut library delete 12
              8cut library delete 12 13 --permanently
            """
    )

    static let remedies = Remedies(
        byCode: [.outputUnusable: "To delete the files at once instead, add --permanently."]
    )

    @Argument(help: ArgumentHelp("Numbers of the clips.", valueName: "clip"))
    var ids: [Int64]

    @Flag(help: "Delete the files at once.")
    var permanently = false

    func run() async throws {
        let library = try await Library.openExisting()
        for id in ids { _ = try await LibraryLookup.clip(id, in: library) }
        guard let library else { return }
        for id in ids { try await ClipDeletion(library, permanently: permanently).delete(id) }
        let place = permanently ? "deleted" : "moved to the trash"
        try Listing.write("\(ids.count) \(ids.count == 1 ? "clip" : "clips") \(place)")
    }
}
