import ArgumentParser
import ClipExport
import ClipLibrary
import ClipReview
import Diagnostics
import Files
import SystemPackage

/// How clips are listed: a table, JSON or CSV.
struct ClipTableOptions: ParsableArguments {
    @Flag(help: "Print a JSON array.")
    var json = false

    @Flag(help: "Print CSV.")
    var csv = false

    @OptionGroup var range: ClipRangeOptions

    func validate() throws {
        if json, csv { throw ValidationError("--json and --csv exclude each other.") }
    }

    /// Finds clips and writes them to standard output.
    ///
    /// - Parameters:
    ///   - filter: which clips.
    ///   - asJSON: whether they are written as JSON unless CSV is asked for.
    ///   - inspect: called with the clips before they are written.
    /// - Throws: `EightCutError` when the library cannot be read.
    func write(
        _ filter: ClipFilter,
        asJSON: Bool = false,
        inspect: ([LibraryClip]) -> Void = { _ in }
    ) async throws {
        let library = try await Library.openForReading()
        let clips = try await range.clips(filter, in: library, Log(level: .normal))
        inspect(clips)
        let reviews = try await library?.reviews(of: clips.map(\.id)) ?? [:]
        if json || asJSON && !csv {
            let masks = try await library?.masks(of: clips.map(\.id)) ?? [:]
            try Listing.write(
                json: clips.map {
                    ClipRow($0, review: reviews[$0.id], masks: masks[$0.id] ?? [])
                }
            )
            return
        }
        let rows = clips.map { ClipRow($0, review: reviews[$0.id]) }
        if csv {
            try Listing.write(csv: [ClipRow.csvHeading] + rows.map(\.csvCells))
        } else {
            try Listing.write(table: rows)
        }
    }
}

/// Which of the clips that were found.
struct ClipRangeOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Maximum number of clips, newest first.", valueName: "count"))
    var limit: Int?

    @Option(help: ArgumentHelp("Number of clips to skip first.", valueName: "count"))
    var offset = 0

    func validate() throws {
        guard offset >= 0 else { throw ValidationError("--offset must be 0 or more.") }
        if let limit, limit < 0 { throw ValidationError("--limit must be 0 or more.") }
    }

    /// The clips, newest first. Damaged records are told of.
    ///
    /// - Parameters:
    ///   - filter: which clips.
    ///   - library: nil where there is none.
    ///   - log: what tells.
    /// - Returns: the clips.
    /// - Throws: `EightCutError` when the library cannot be read.
    func clips(
        _ filter: ClipFilter,
        in library: Library?,
        _ log: Log
    ) async throws -> [LibraryClip] {
        if filter.folder != nil { try await library?.settleFolders() }
        if filter.readsMasks, let library, !library.isReadOnly {
            try await CurrentMasks(library).refresh(matching: filter)
        }
        for record in try await library?.damagedRecords() ?? [] {
            log.warning(record.sentence)
        }
        return try await library?.clips(filter, limit: limit, offset: offset) ?? []
    }
}

/// What clips must have to be selected.
struct ClipFilterOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Only clips with this label.", valueName: "text"))
    var label: String?

    @Option(help: ArgumentHelp("Only clips of this category.", valueName: "word"))
    var category: String?

    @OptionGroup var folder: ClipFolderOption

    var filter: ClipFilter {
        var filter = ClipFilter()
        filter.label = label
        filter.category = category
        filter.folder = folder.path
        return filter
    }
}

/// A folder that limits a list of clips.
struct ClipFolderOption: ParsableArguments {
    @Option(help: ArgumentHelp("Only clips in this folder.", valueName: "folder"))
    var folder: String?

    func validate() throws { try folder?.checkedNotEmpty(named: "--folder") }

    var path: String? { folder.map { LibraryPath.plain(FilePath($0)).string } }
}

/// Finds clips of the library that the user has named.
enum LibraryLookup {
    /// A finished clip by its number.
    ///
    /// - Throws: `EightCutError` when there is none.
    static func clip(_ id: Int64, in library: Library?) async throws -> LibraryClip {
        if let clip = try await library?.clip(id), clip.isFinished { return clip }
        throw EightCutError(
            .inputMissing,
            "cannot find clip \(id)",
            because: "the library has no finished clip with that number",
            remedy: "8cut library list prints the numbers."
        )
    }

    /// The clip that was exported last.
    ///
    /// - Throws: `EightCutError` when there is none.
    static func lastClip(in library: Library?) async throws -> LibraryClip {
        if let clip = try await library?.lastClip() { return clip }
        throw EightCutError(
            .inputMissing,
            "cannot find the last clip",
            because: "the library has no clips",
            remedy: "Export one first, with 8cut export."
        )
    }
}

/// A clip in a list.
struct ClipRow: ListRow {
    let id: Int64
    let path: String
    /// The name of the clip without its number.
    let name: String
    let label: String?
    let category: String?
    let source: String
    /// In seconds.
    let start: Double
    /// In seconds.
    let duration: Double
    let frames: Int
    let frameRate: String
    let width: Int
    let height: Int
    let sampleRate: Int?
    let samples: Int?
    /// In seconds since 1970.
    let cutAt: Double
    /// Of the latest masks: an estimate of their IoU with the true ones, 0…1.
    let score: Double?
    /// The last word on the latest masks, and whose.
    let verdict: Verdict?
    let reviewer: String?
    /// Nil where they are not listed.
    let masks: [LibraryMasks]?

    static let heading = [
        "ID", "LABEL", "CATEGORY", "START", "SECONDS", "SCORE", "VERDICT", "CLIP",
    ]
    static let csvHeading = [
        "id", "path", "label", "category", "source", "start", "duration", "frames", "frameRate",
        "width", "height", "sampleRate", "samples", "name", "score", "verdict", "reviewer",
    ]

    init(_ clip: LibraryClip, review: ClipReview? = nil, masks: [LibraryMasks]? = nil) {
        id = clip.id
        path = clip.path
        let file = FilePath(clip.path).lastComponent?.string ?? ""
        name = ClipName.base(of: file) ?? ClipName.stem(of: file)
        label = clip.label
        category = clip.category
        source = clip.source
        start = Double(clip.start) / 1e9
        // Rounded down, so that a list of cuts made of it has no frame more.
        duration = (clip.duration * 1e6 + 0.001).rounded(.down) / 1e6
        frames = clip.frameCount
        frameRate = clip.frameRate
        width = clip.width
        height = clip.height
        sampleRate = clip.sampleRate
        samples = clip.sampleCount
        cutAt = clip.cutAt
        score = review?.masks?.score
        verdict = review?.verdict?.verdict
        reviewer = review?.verdict?.reviewer
        self.masks = masks
    }

    /// The row of the table.
    var cells: [String] {
        [
            "\(id)", visible(label ?? ""), visible(category ?? ""),
            ClipStart.clock(nanoseconds: Int(start * 1000) * 1_000_000),
            "\((duration * 1000).rounded() / 1000)", score.map { "\($0)" } ?? "",
            verdict?.rawValue ?? "", visible(path),
        ]
    }

    /// The row of the CSV.
    var csvCells: [String] {
        [
            "\(id)", CSVText.cell(ofText: path), CSVText.cell(ofText: label ?? ""),
            CSVText.cell(ofText: category ?? ""), CSVText.cell(ofText: source), "\(start)",
            "\(duration)", "\(frames)", CSVText.cell(ofText: frameRate), "\(width)", "\(height)",
            sampleRate.map(String.init) ?? "",
            samples.map(String.init) ?? "", CSVText.cell(ofText: name),
            score.map { "\($0)" } ?? "", verdict?.rawValue ?? "",
            CSVText.cell(ofText: reviewer ?? ""),
        ]
    }
}
