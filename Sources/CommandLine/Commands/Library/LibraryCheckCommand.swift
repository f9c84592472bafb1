import ArgumentParser
import ClipLibrary
import Diagnostics
import SystemPackage

/// `8cut library check`.
struct LibraryCheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Compare the library with the disk and with dataset.json.",
        usage: "8cut library check [<options>] [<folder> ...]",
        discussion: """
            Reports clips whose files are missing, moved or changed, unfinished clips, missing and \
            superfluous entries of dataset.json, and files that look like clips but are not in \
            the library. --fix repairs library and dataset.json; it never changes a clip. Clips \
            that were moved are found by their content, in the folders of the library and below \
            those after --search. The exit status is 6 while differences remain.

            Examples:
              8cut library check
              8cut library check clips --fix
              8cut library check --fix --search ~/Videos
              8cut library check --json
            """
    )

    @Argument(
        help: ArgumentHelp(
            "Folders to check besides those of the clips in the library.",
            valueName: "folder"
        )
    )
    var folders: [String] = []

    @Option(
        parsing: .singleValue,
        help: ArgumentHelp(
            "Look for clips that were moved in this folder and below it. May be repeated.",
            valueName: "folder"
        ),
        completion: .directory
    )
    var search: [String] = []

    @Flag(help: "Repair what can be repaired.")
    var fix = false

    @Flag(help: "Print a JSON array.")
    var json = false

    func validate() throws {
        for folder in folders { try folder.checkedNotEmpty(named: "<folder>") }
        for folder in search { try folder.checkedNotEmpty(named: "--search") }
    }

    func run() async throws {
        for folder in search where try !LibraryCheck.exists(FilePath(folder)) {
            throw EightCutError(
                .inputMissing,
                "cannot search",
                on: folder,
                because: "there is no such folder"
            )
        }
        let library = try await Library.open()
        let found = try await LibraryCheck(
            library,
            folders: folders.map { FilePath($0) },
            searches: search.map { FilePath($0) },
            fixes: fix
        ).run()
        if json {
            try Listing.write(json: found)
        } else if found.isEmpty {
            try Listing.write("all is as it should be")
        } else {
            for finding in found { try Listing.write(Self.line(finding)) }
        }
        if !fix, found.contains(where: { $0.kind == .missing }) {
            Log(level: .normal).note(
                "--fix forgets clips that are missing. Clips that were moved are found with "
                    + "--search FOLDER."
            )
        }
        if found.contains(where: \.isFault) { throw ExitCode(ErrorCode.libraryDiffers.exitStatus) }
    }

    private static func moved(_ finding: LibraryFinding) -> String {
        let path = finding.newPath ?? ""
        let name = FilePath(path).lastComponent?.string ?? ""
        let isOfClip = ClipName.isOfClip(name) || ClipName.base(of: finding.path) == nil
        return "was moved to \(quoted(path))"
            + (isOfClip ? "" : ", but a clip needs a name such as NAME_001: rename it")
    }

    private static func line(_ finding: LibraryFinding) -> String {
        let what =
            switch finding.kind {
            case .unfinished: "was not finished"
            case .missing: "is missing"
            case .moved: moved(finding)
            case .changed: "has changed"
            case .missingMasks: "masks are missing"
            case .unlisted: "differs in dataset.json"
            case .gone: "is in dataset.json, but missing"
            case .damagedList: "is damaged"
            case .orphaned: "looks like a clip, but is not in the library"
            case .leftover: "was left behind by a killed run"
            case .damagedRecord: "is damaged in the library"
            }
        let clip = finding.clip.map { "clip \($0): " } ?? ""
        return clip + "\(quoted(finding.path)) \(what)" + (finding.isFixed ? " (fixed)" : "")
    }
}
