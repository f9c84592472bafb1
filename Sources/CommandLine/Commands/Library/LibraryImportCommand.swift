import ArgumentParser
import ClipImport
import ClipLibrary
import ClipReview
import Diagnostics
import MaskStore
import Processes
import Progress
import SystemPackage

/// `8cut library import`.
struct LibraryImportCommand: JobCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Bring clips of other programs, or verdicts of a review, into the library.",
        usage: "8cut library import (--from-8cut|--dataset|--verdicts) <file> [<options>]",
        discussion: """
            Every clip is probed, and recorded with its label, category, video, start and length. \
            No file is moved or changed but dataset.json in the folders of the clips, and a clip \
            that the library knows stays as it is. Clips that cannot be imported are listed, and \
            the exit status is 65 if there are any.

            Verdicts are those that the page of 8cut review has saved. Clips are known by their \
            masks; a verdict on masks that were made again since is kept, but does not count.

            Examples:
              8cut library import --from-8cut ~/.8cut.db --dry-run
              8cut library import --dataset train/dataset.json
              8cut library import --verdicts verdicts-anna.json
            """
    )

    @Option(
        name: .customLong("from-8cut"),
        help: ArgumentHelp("Database of the Python 8-cut, ~/.8cut.db.", valueName: "file"),
        completion: .file()
    )
    var database: String?

    @Option(
        help: ArgumentHelp(
            "List of clips as JSON: objects with path and label, as in dataset.json.",
            valueName: "file"
        ),
        completion: .file(extensions: ["json"])
    )
    var dataset: String?

    @Option(
        help: ArgumentHelp(
            "Verdicts that the page of 8cut review has saved.",
            valueName: "file"
        ),
        completion: .file(extensions: ["json"])
    )
    var verdicts: String?

    @Flag(help: "Print what becomes of every clip, and write nothing.")
    var dryRun = false

    @Flag(help: "With --dry-run: print a JSON array.")
    var json = false

    @OptionGroup(title: "Progress") var progress: ProgressOptions

    func validate() throws {
        guard [database, dataset, verdicts].compactMap(\.self).count == 1 else {
            throw ValidationError("Give one of --from-8cut, --dataset and --verdicts.")
        }
        try verdicts?.checkedNotEmpty(named: "--verdicts")
        if dryRun, verdicts != nil {
            throw ValidationError("--dry-run is for --from-8cut and --dataset.")
        }
        try database?.checkedNotEmpty(named: "--from-8cut")
        try dataset?.checkedNotEmpty(named: "--dataset")
        if json, !dryRun { throw ValidationError("--json is for --dry-run.") }
    }

    func run() async throws {
        if let verdicts { return try await record(FilePath(verdicts)) }
        let (clips, folder) = try clips()
        if dryRun {
            let library = try await Library.openForReading()
            let run = LibraryImport(
                into: library,
                from: folder,
                width: width,
                reporter: WarningReporter(log: progress.log)
            )
            let rows = try await run.run(clips, isDry: true).map(Row.init)
            if json {
                try Listing.write(json: rows)
            } else {
                try Listing.write(table: rows)
                try Listing.write(Self.summary(rows))
            }
            guard !rows.contains(where: \.isRejected) else {
                throw ExitCode(ErrorCode.inputUnusable.exitStatus)
            }
            return
        }
        try await runJob { reporter in
            let input = FilePath(database ?? dataset ?? "").absolute.string
            try reporter.report(.started(.init(job: "library import", input: input, output: "")))
            let meter = ProgressMeter()
            let library = try await Library.open()
            let run = LibraryImport(into: library, from: folder, width: width, reporter: reporter)
            let rows = try await run.run(clips, isDry: false).map(Row.init)
            for row in rows {
                guard let why = row.why else { continue }
                let code = row.isRejected ? "rejectedClip" : "importedClip"
                try reporter.warn(code, "\(row.place), \(quoted(row.path)): \(why)")
            }
            let isWhole = !rows.contains(where: \.isRejected)
            return ProgressEvent.Finished(
                meter,
                exitStatus: isWhole ? 0 : ErrorCode.inputUnusable.exitStatus
            ) { _ in Self.summary(rows) }
        }
    }

    /// Records the verdicts of a file.
    private func record(_ path: FilePath) async throws {
        let file = try VerdictFile(readingFrom: path)
        try await runJob { reporter in
            try reporter.report(
                .started(.init(job: "library import", input: path.absolute.string, output: ""))
            )
            let meter = ProgressMeter()
            let library = try await Library.open()
            try await CurrentMasks(library).refresh(matching: ClipFilter())
            let imported = try await file.record(in: library)
            for clip in imported.unknown {
                try reporter.warn("unknownClip", "\(quoted(clip)): the library has no such clip")
            }
            let isWhole = imported.unknown.isEmpty
            return ProgressEvent.Finished(
                meter,
                exitStatus: isWhole ? 0 : ErrorCode.inputUnusable.exitStatus
            ) { _ in
                counted(imported.current + imported.earlier, "verdict") + " imported"
                    + (imported.earlier > 0 ? ", \(imported.earlier) on earlier masks" : "")
                    + (isWhole ? "" : ", \(imported.unknown.count) of unknown clips left out")
            }
        }
    }

    private var width: Int { AvailableCores.count }

    /// The clips, and where their relative paths begin.
    private func clips() throws -> ([ForeignClip], FilePath?) {
        if let database { return (try PythonDatabase(FilePath(database)).clips, nil) }
        let list = try ForeignList(FilePath(dataset ?? ""))
        return (list.clips, list.folder)
    }

    private static func summary(_ rows: [Row]) -> String {
        let count = { (action: String) in rows.count { $0.action.isExactly(action) } }
        let imported = count("import")
        return "\(imported) \(imported == 1 ? "clip" : "clips") imported, "
            + "\(count("known")) known already, \(count("reject")) rejected"
    }

    private struct Row: ListRow {
        let place: String
        /// "import", "known" or "reject".
        let action: String
        let path: String
        let label: String?
        let why: String?

        static let heading = ["PLACE", "ACTION", "LABEL", "CLIP", "WHY"]

        init(_ row: ImportRow) {
            (place, path) = (row.place, row.path)
            switch row.outcome {
            case .accepted(let clip, let note):
                (action, label, why) = ("import", clip.label, note)
            case .known: (action, label, why) = ("known", nil, nil)
            case .rejected(let reason): (action, label, why) = ("reject", nil, reason)
            }
        }

        var isRejected: Bool { action.isExactly("reject") }

        var cells: [String] {
            [place, action, visible(label ?? ""), visible(path), visible(why ?? "")]
        }
    }
}
