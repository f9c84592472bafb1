import ArgumentParser
import ClipExport
import ClipLibrary
import Diagnostics
import Glibc

/// `8cut library delete`.
struct LibraryDeleteCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete",
        abstract: "Move clips and their masks to the trash, and take them out of the library.",
        discussion: "Only masks that the library knows go with a clip; other files stay."
    )

    @Argument(help: ArgumentHelp("The clips' numbers.", valueName: "clip"))
    var ids: [Int64]

    @Flag(help: "Delete the files at once instead.")
    var permanently = false

    func run() async throws {
        let library = try await Library.openExisting()
        for id in ids { _ = try await LibraryLookup.clip(id, in: library) }
        guard let library else { return }
        for id in ids { try await ClipDeletion(library, permanently: permanently).delete(id) }
        let place = permanently ? "deleted" : "moved to the trash"
        writeLine("\(ids.count) \(ids.count == 1 ? "clip" : "clips") \(place)", to: STDOUT_FILENO)
    }
}
