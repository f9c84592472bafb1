import ArgumentParser
import ClipExport
import ClipLibrary
import Diagnostics

/// `8cut library delete`.
struct LibraryDeleteCommand: AdvisingCommand, AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete",
        abstract: "Move clips and their masks to the trash, and remove them from the library.",
        discussion: """
            Only files that 8cut made go: the clip, and masks that the library knows. A folder \
            that has other files stays with them, and is named.

            Examples:
              8cut library delete 12
              8cut library delete 12 13 --permanently
            """
    )

    static let remedies = Remedies(
        byCode: [.outputUnusable: "To delete the files at once instead, add --permanently."]
    )

    @Argument(help: .clips)
    var clips: [ClipReference]

    @Flag(help: "Delete the files at once.")
    var permanently = false

    func run() async throws {
        let library = try await Library.openExisting()
        let damaged = Set(try await library?.damagedRecords().compactMap(\.clip) ?? [])
        var ids: [Int64] = []
        for clip in clips { ids.append(try await clip.id(in: library, damaged: damaged)) }
        guard let library else { return }
        let deletion = ClipDeletion(library, permanently: permanently)
        let log = Log(level: .normal)
        for left in try await deletion.delete(Array(Set(ids)).sorted()).flatMap(\.left) {
            log.warning("\(quoted(left.path.string)) stays: \(left.why)")
        }
        for id in ids where damaged.contains(id) {
            log.warning("the record of clip \(id) was damaged: its files stay")
        }
        let place = permanently ? "deleted" : "moved to the trash"
        try Listing.write("\(ids.count) \(ids.count == 1 ? "clip" : "clips") \(place)")
    }
}
