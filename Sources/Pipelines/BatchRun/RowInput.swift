import BatchList
import ClipExport
import ClipLibrary
import Diagnostics
import Files
import Media
import Progress
import SystemPackage

/// The video of a row, which is on this machine.
package struct RowInput: Sendable {
    package let path: FilePath
    package let bytes: Int
    /// Whether it was cut for the row.
    package let isCut: Bool
    /// What of the source was damaged; nil where nothing was.
    package let damage: EightCutError?

    /// A video that is there.
    package init(_ path: FilePath) {
        self.path = path
        bytes = FileStatus(following: path).flatMap { $0.kind == .file ? $0.bytes : nil } ?? 0
        (isCut, damage) = (false, nil)
    }

    /// A video that is known from outside.
    init(_ path: FilePath, bytes: Int, isCut: Bool) {
        (self.path, self.bytes, self.isCut, damage) = (path, bytes, isCut, nil)
    }

    fileprivate init(_ record: CutRecord, at path: FilePath) {
        self.path = path
        (isCut, bytes) = (true, record.clip.bytes)
        damage = record.damage.map {
            EightCutError(
                .inputDamaged,
                "cannot cut all of",
                on: record.source,
                because: "\($0)"
            )
        }
    }
}

/// Cuts the clips of rows. What is found out about a source is kept for its next row.
package actor RowCutter {
    private struct Source {
        let media: MediaSource
        let index: FrameIndex
    }

    private var last: (path: FilePath, source: Source)?

    package init() {}

    /// The clip of a row: cut now, or the one that was cut before.
    ///
    /// - Parameters:
    ///   - wanted: what to cut.
    ///   - clip: the file.
    ///   - replaces: whether a clip that was cut in another way is replaced.
    ///   - reporter: receives the progress.
    /// - Returns: the clip.
    /// - Throws: `EightCutError` when the source cannot be read, is too short, or the file is not a
    ///   clip of this row; `CancellationError`.
    package nonisolated func clip(
        _ wanted: WantedCut,
        at clip: FilePath,
        replaces: Bool,
        _ reporter: any ProgressReporter
    ) async throws -> RowInput {
        let place = CutRecord.path(of: clip)
        if let found = FileStatus(following: clip) {
            try found.requirePlainFile(clip)
            let record = try CutRecord(at: place)
            if let record, record.isOf(wanted),
                try record.clip.hasSameContent(
                    as: FileFingerprint(of: clip)
                )
            {
                return RowInput(record, at: clip)
            }
            guard replaces, record != nil else {
                throw EightCutError(
                    .outputDiffers,
                    "cannot cut a clip to",
                    on: clip.string,
                    because: record == nil
                        ? "there is a file that was not cut for this list"
                        : "it was cut in another way, or changed since",
                    remedy: "Name another file as 'clip', or move this one away."
                )
            }
        }
        return try await cut(wanted, to: clip, reporter)
    }

    private nonisolated func cut(
        _ wanted: WantedCut,
        to clip: FilePath,
        _ reporter: any ProgressReporter
    ) async throws -> RowInput {
        guard let name = clip.lastComponent, name.kind == .regular else {
            throw fileError("cannot write", clip, .isDirectory)
        }
        let source = try await source(of: wanted)
        let fingerprint = try FileFingerprint(of: wanted.source)
        let plan = try await CutPlanner(source.media, wanted.settings, source.index)
            .plan(wanted.start)
        let folder = try OpenFolder.creating(clip.removingLastComponent())
        let file = try folder.newFile(for: name)
        let files = ClipFiles(main: file.childPath, audio: nil)
        let result = try await Cut([plan], to: [files], with: .x264).run { done in
            // The masks take longer than the cut.
            try reporter.report(
                .work(
                    .init(
                        done: 0,
                        total: plan.frameCount,
                        totalIsEstimate: false,
                        worked: 0.1 * Double(done)
                    )
                )
            )
        }[0]
        try file.synchronize()
        let record = CutRecord(
            wanted,
            source: fingerprint,
            clip: try FileFingerprint(of: file.childPath),
            damage: result.damage
        )
        // First the record: a clip without one would be somebody else's.
        try record.write(to: CutRecord.path(of: clip))
        try file.publish(replaces: true)
        return RowInput(record, at: clip)
    }

    /// The source, and what is known of its frames.
    private func source(of wanted: WantedCut) async throws -> Source {
        if let last, last.path == wanted.source { return last.source }
        let media = try await VideoProbe.source(of: wanted.source, wanted.settings.video)
        let source = Source(media: media, index: FrameIndex(media))
        last = (wanted.source, source)
        return source
    }
}
