import ArgumentParser
import BatchPlanning
import ClipExport
import ClipLibrary
import DatasetProfiles
import Diagnostics
import Files
import SystemPackage

/// Which clips a list has: of the library, or of a folder, a `dataset.json` or a table of cuts.
struct BatchSelection: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The videos in a folder, and in those below it.",
            valueName: "folder"
        ),
        completion: .directory
    )
    var folder: String?

    @Option(
        help: ArgumentHelp("The clips of a dataset.json, or of its folder.", valueName: "file"),
        completion: .file(extensions: ["json"])
    )
    var dataset: String?

    @OptionGroup var cuts: BatchCutOptions

    @OptionGroup var library: BatchLibraryOptions

    func validate() throws {
        try folder?.checkedNotEmpty(named: "--folder")
        try dataset?.checkedNotEmpty(named: "--dataset")
        let sources = [
            folder.map { _ in "--folder" }, dataset.map { _ in "--dataset" },
            cuts.list.map { _ in "--cuts" },
        ].compactMap(\.self)
        guard sources.count < 2 else {
            throw ValidationError("\(sources.joined(separator: " and ")) exclude each other.")
        }
        if let source = sources.first, let option = library.given.first {
            throw ValidationError("\(option) selects clips of the library: leave \(source) out.")
        }
        if cuts.list == nil, let option = cuts.given.first {
            throw ValidationError("\(option) is for --cuts.")
        }
    }

    /// Where clips come from, for messages.
    var name: String { folder ?? dataset ?? cuts.list ?? "" }

    /// The clips in the order of their rows.
    ///
    /// - Throws: `EightCutError` when a list, a folder or the library cannot be read.
    func clips(_ log: Log) async throws -> [ListedClip] {
        if let folder { return try ListedClip.ofFolder(FilePath(folder).absolute) }
        if let dataset {
            let library = try await Library.openForReading()
            return try await ListedClip.ofDataset(FilePath(dataset).absolute, in: library)
        }
        if let list = cuts.list {
            let (clips, notes) = try ListedClip.ofCuts(
                FilePath(list).absolute,
                try cuts.defaults()
            )
            for note in notes { log.warning(note) }
            return clips
        }
        guard let library = try await Library.openForReading() else { return [] }
        if self.library.clipsIn != nil { try await library.settleFolders() }
        let (clips, damaged) = try await ListedClip.ofLibrary(
            self.library.filter,
            limit: self.library.limit,
            offset: self.library.offset,
            in: library
        )
        for record in damaged { log.warning(record.sentence) }
        return clips
    }

    /// The error of a selection that has no clip.
    var nothingFound: EightCutError {
        if let folder {
            return EightCutError(
                .inputMissing,
                "cannot find videos in",
                on: folder,
                because: "no file in it has the ending of a video"
            )
        }
        if let dataset {
            return EightCutError(
                .inputMissing,
                "cannot find clips in",
                on: dataset,
                because: "it lists none"
            )
        }
        return EightCutError(
            .inputMissing,
            "cannot find clips for the list",
            because: "the library has none that match",
            remedy: "8cut library list prints the clips. Videos that are not in the library are "
                + "taken with --folder."
        )
    }
}

/// Which clips of the library.
struct BatchLibraryOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Of the library: only clips with this label.", valueName: "text"))
    var label: String?

    @Option(help: ArgumentHelp("Of the library: only clips of this category.", valueName: "word"))
    var category: String?

    @Option(
        help: ArgumentHelp("Of the library: only clips in this folder.", valueName: "folder"),
        completion: .directory
    )
    var clipsIn: String?

    @Option(
        help: ArgumentHelp("Of the library: at most so many clips, the newest.", valueName: "count")
    )
    var limit: Int?

    @Option(
        help: ArgumentHelp("Of the library: how many of the newest to skip.", valueName: "count")
    )
    var offset = 0

    func validate() throws {
        try clipsIn?.checkedNotEmpty(named: "--clips-in")
        guard offset >= 0 else { throw ValidationError("--offset must be 0 or more.") }
        if let limit, limit < 1 { throw ValidationError("--limit must be 1 or more.") }
    }

    /// The options that were given.
    var given: [String] {
        [
            ("--label", label != nil), ("--category", category != nil),
            ("--clips-in", clipsIn != nil), ("--limit", limit != nil), ("--offset", offset != 0),
        ].filter(\.1).map(\.0)
    }

    var filter: ClipFilter {
        var filter = ClipFilter()
        filter.label = label
        filter.category = category
        filter.folder = clipsIn.map { LibraryPath.plain(FilePath($0)).string }
        return filter
    }
}

/// A table of cuts, and what its rows leave open.
struct BatchCutOptions: ParsableArguments {
    @Option(
        name: [.customLong("cuts"), .customLong("from")],
        help: ArgumentHelp(
            "A clip for every row of a table, as 8cut export --list reads it and 8cut find writes "
                + "it.",
            valueName: "cuts.csv"
        ),
        completion: .file(extensions: ["csv", "tsv", "json", "jsonl"])
    )
    var list: String?

    @Option(
        help: ArgumentHelp("For --cuts: the video of rows without one.", valueName: "video"),
        completion: .file()
    )
    var input: String?

    @Option(
        help: ArgumentHelp(
            "For --cuts: the name of clips without one. (default: that of the video)",
            valueName: "name"
        )
    )
    var name: String?

    @Option(
        help: ArgumentHelp(
            "For --cuts: the length of clips without one. (default: 8)",
            valueName: "seconds"
        )
    )
    var duration: Seconds?

    @Option(
        help: ArgumentHelp(
            "For --cuts: apply a target profile, as 8cut export does.",
            valueName: "name"
        )
    )
    var profile: String?

    func validate() throws {
        for (option, value) in [("--cuts", list), ("--input", input), ("--name", name)] {
            try value?.checkedNotEmpty(named: option)
        }
        _ = try settings()
    }

    /// The options that were given beside the table.
    var given: [String] {
        [
            ("--input", input != nil), ("--name", name != nil), ("--duration", duration != nil),
            ("--profile", profile != nil),
        ].filter(\.1).map(\.0)
    }

    func defaults() throws -> CutList.Defaults {
        var defaults = CutList.Defaults(
            input: input.map { TypedPath($0, in: FilePath("").absolute).path },
            name: name,
            label: nil,
            category: nil,
            settings: try settings(),
            count: 1,
            spread: 1_000_000_000
        )
        defaults.namesBySource = true
        if let input, input.hasPrefix(exactly: "s3://") { defaults.inputAddress = input }
        return defaults
    }

    private func settings() throws -> CutSettings {
        var settings = CutSettings()
        if let profile {
            guard let known = DatasetProfile.named(profile), let rule = known.clip,
                rule.duration != nil
            else {
                let names = DatasetProfile.ofClips.map(\.name).joined(separator: ", ")
                throw ValidationError("--profile \(profile): choose from \(names).")
            }
            guard duration == nil || rule.isFree else {
                throw ValidationError("--profile \(profile) sets that: leave --duration out.")
            }
            settings.apply(known)
        }
        if let duration {
            guard let length = duration.rational, (0.01...86_400).contains(length.value) else {
                throw ValidationError("--duration must be between 0.01 s and a day.")
            }
            settings.duration = length
        }
        return settings
    }
}
