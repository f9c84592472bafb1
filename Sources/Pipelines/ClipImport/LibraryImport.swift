import ClipLibrary
import DatasetExport
import Diagnostics
import Progress
import SystemPackage

/// Brings clips that other programs have cut into the library. Nothing is overwritten: clips that
/// the library knows, and all files, stay as they are.
package struct LibraryImport: Sendable {
    private let library: Library?
    private let inspection: ClipInspection
    private let width: Int
    private let reporter: any ProgressReporter

    /// - Parameters:
    ///   - library: nil where there is none yet; then nothing can be written.
    ///   - folder: where relative paths begin; nil for the folder of each clip.
    ///   - width: clips that are looked at at a time.
    ///   - reporter: receives the events.
    package init(
        into library: Library?,
        from folder: FilePath?,
        width: Int,
        reporter: any ProgressReporter
    ) {
        self.library = library
        inspection = ClipInspection(library: library, folder: folder)
        self.width = max(1, width)
        self.reporter = reporter
    }

    /// Looks at all clips.
    ///
    /// - Parameters:
    ///   - clips: of a list.
    ///   - isDry: whether nothing is written.
    /// - Returns: what became of each clip, in their order.
    /// - Throws: `EightCutError` when the library cannot be read or written, `CancellationError` or
    ///   `OutputClosed`. What was imported stays.
    package func run(_ clips: [ForeignClip], isDry: Bool) async throws -> [ImportRow] {
        let meter = ProgressMeter()
        var rows: [ImportRow] = []
        var rest = clips[...]
        while !rest.isEmpty {
            let part = Array(rest.prefix(width * Self.share))
            rest = rest.dropFirst(part.count)
            let found = try await inParallel(part, width: width) { clip in
                try await inspection.inspect(clip)
            }
            if !isDry, let library {
                for row in found { rows.append(try await Self.record(row, in: library)) }
            } else {
                rows += found
            }
            try reporter.report(
                .progress(
                    meter.progress(
                        done: rows.count,
                        total: clips.count,
                        totalIsEstimate: false,
                        unit: "clip"
                    )
                )
            )
        }
        if !isDry { try await library?.publishUnlisted() }
        return rows
    }

    /// Clips are recorded in the order of the list, some at a time: a run that is interrupted has
    /// imported the first ones.
    private static let share = 4

    private static func record(_ row: ImportRow, in library: Library) async throws -> ImportRow {
        guard case .accepted(let clip, _) = row.outcome else { return row }
        let id = try await library.adopt(clip.info, clip.file, of: clip.source, clip.sourceContent)
        // The list has it twice.
        guard let id else { return ImportRow(place: row.place, path: row.path, outcome: .known) }
        for masks in clip.masks {
            try await library.recordMasks(
                of: id,
                method: masks.method,
                path: masks.folder.string,
                settings: masks.settings,
                frameCount: masks.frameCount,
                confidence: masks.confidence,
                score: masks.score
            )
        }
        return row
    }
}
