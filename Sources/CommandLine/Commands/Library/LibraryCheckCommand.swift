import ArgumentParser
import ClipLibrary
import Diagnostics
import FoundationEssentials
import Glibc
import SystemPackage

/// `8cut library check`.
struct LibraryCheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Compare the library with the disk and with dataset.json.",
        discussion: """
            Tells of clips whose files are missing or changed, of clips that were not finished, of
            entries that dataset.json lacks or has too many, and of files that look like clips and
            are not known. With --fix it puts the lists right; clips themselves are never touched.
            The exit status is 6 when something is left that does not agree.
            """
    )

    @Argument(
        help: ArgumentHelp("Folders to look at besides those of known clips.", valueName: "folder")
    )
    var folders: [String] = []

    @Flag(help: "Put right what can be put right.")
    var fix = false

    @Flag(help: "As a JSON array.")
    var json = false

    func run() async throws {
        let library = try await Library.open()
        let found = try await LibraryCheck(
            library,
            folders: folders.map { FilePath($0) },
            fixes: fix
        ).run()
        if json {
            writeLine(try JSONText.pretty(found), to: STDOUT_FILENO)
        } else {
            for finding in found { writeLine(Self.line(finding), to: STDOUT_FILENO) }
            if found.isEmpty { writeLine("all is as it should be", to: STDOUT_FILENO) }
        }
        // What nobody knows is told, but it is no fault of the library.
        let isWrong = found.contains { !$0.isFixed && $0.kind != .orphaned }
        if isWrong { throw ExitCode(ErrorCode.libraryDiffers.exitStatus) }
    }

    private static func line(_ finding: LibraryFinding) -> String {
        let what =
            switch finding.kind {
            case .unfinished: "was not finished"
            case .missing: "is missing"
            case .changed: "has changed"
            case .missingMasks: "masks are missing"
            case .unlisted: "is not in dataset.json as the library has it"
            case .gone: "is in dataset.json, but missing"
            case .damagedList: "is damaged"
            case .orphaned: "looks like a clip, but is not known"
            case .leftover: "was left behind by a run that was killed"
            }
        let clip = finding.clip.map { "clip \($0): " } ?? ""
        return clip + "\(quoted(finding.path)) \(what)" + (finding.isFixed ? " (fixed)" : "")
    }
}
