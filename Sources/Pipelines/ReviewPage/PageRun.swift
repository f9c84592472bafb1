import ClipLibrary
import ClipReview
import Diagnostics
import Files
import MaskStore
import Media
import Previews
import Progress
import SystemPackage

/// Makes a page on which a person judges masks: an overlay and a poster of each clip, and the page
/// itself. What an earlier run has made is not made again.
package struct PageRun: Sendable {
    private let library: Library?
    private let selection: PageSelection
    private let path: FilePath
    private let width: Int
    private let reporter: any ProgressReporter

    /// What was done.
    package struct Summary: Sendable, Equatable {
        /// Clips on the page.
        package var shown = 0
        /// Overlays that were made.
        package var made = 0
        /// Clips that cannot be shown.
        package var failed = 0
    }

    /// - Parameters:
    ///   - library: can be written; nil for one without clips.
    ///   - selection: which clips.
    ///   - path: the folder of the page.
    ///   - width: the most columns of an overlay.
    ///   - reporter: receives the progress and the warnings.
    package init(
        _ library: Library?,
        _ selection: PageSelection,
        in path: FilePath,
        width: Int,
        reporter: any ProgressReporter
    ) {
        self.library = library
        self.selection = selection
        self.path = path
        self.width = width
        self.reporter = reporter
    }

    /// Makes the page. A clip that cannot be shown is named in a warning.
    ///
    /// - Throws: `EightCutError` when the folder holds a page of others or cannot be written, or the
    ///   library cannot be read; `CancellationError`. The old page is then unchanged, and what is
    ///   finished stays for the next run.
    package func run() async throws -> Summary {
        let folder = try PageFolder(path)
        var (asked, withoutMasks): ([AskedClip], Int) = ([], 0)
        if let library {
            (asked, withoutMasks) = try await PageQueue(library, selection, reporter).clips()
        }
        if withoutMasks > 0 {
            try reporter.warn(
                "missingMasks",
                "left out: \(counted(withoutMasks, "clip")) without masks"
            )
        }
        if asked.isEmpty { try reporter.warn("nothingFound", "no clip is left to judge") }
        return try await make(asked, in: folder)
    }

    private func make(_ asked: [AskedClip], in folder: PageFolder) async throws -> Summary {
        var summary = Summary()
        var shown: [PageClip] = []
        var used: Set<FilePath.Component> = []
        let madeBefore = try asked.count { try overlay(of: $0, in: folder)?.isMade() ?? false }
        let meter = ProgressMeter(doneAtStart: madeBefore)
        var done = madeBefore
        for clip in asked {
            try Task.checkCancellation()
            do {
                let overlay = try checkedOverlay(of: clip, in: folder)
                if try !overlay.isMade() {
                    let part = PartReporter(done: done, asked.count, meter, reporter)
                    try await overlay.make(part)
                    summary.made += 1
                    done += 1
                }
                shown.append(PageClip(clip, overlay.name))
                used.formUnion([overlay.name.video, overlay.name.poster])
            } catch let error as EightCutError where Self.isOfTheClip(error) {
                summary.failed += 1
                done += 1
                try reporter.warn("rejectedClip", "clip \(clip.clip.id) is left out: \(error)")
            }
            try reporter.report(
                .progress(
                    meter.progress(
                        done: min(done, asked.count),
                        total: asked.count,
                        totalIsEstimate: false,
                        unit: "clip"
                    )
                )
            )
        }
        try Task.checkCancellation()
        let data = PageData(reviewer: selection.reviewer.name, clips: shown)
        try folder.write(PageMarkup.html(page: folder.page, data))
        try reporter.report(.artifact(.init(kind: "page", path: folder.path.string)))
        try folder.removeUnused(keeping: used)
        summary.shown = shown.count
        return summary
    }

    private func overlay(of clip: AskedClip, in folder: PageFolder) -> ClipOverlay? {
        OverlayName(clip: clip.clip.id, digest: clip.digest, width: width).map {
            ClipOverlay(clip: clip, name: $0, width: width, folder: folder.clips.path)
        }
    }

    /// - Throws: `EightCutError` when the clip or its masks are not what the library says.
    private func checkedOverlay(
        of clip: AskedClip,
        in folder: PageFolder
    ) throws -> ClipOverlay {
        let masks = FilePath(clip.masks.path)
        guard let overlay = overlay(of: clip, in: folder),
            CurrentMasks.digest(of: masks)?.isExactly(clip.digest) == true
        else {
            throw EightCutError(
                .inputUnusable,
                "cannot use the masks in",
                on: masks.string,
                because: "they are gone, unfinished, or of another clip",
                remedy: "Make them again with 8cut masks."
            )
        }
        return overlay
    }

    /// Whether an error says something of one clip, so that the others can be shown.
    private static func isOfTheClip(_ error: EightCutError) -> Bool {
        [.inputUnusable, .inputMissing, .inputDamaged, .toolFailed].contains(error.code)
    }
}

/// The overlay and the poster of a clip.
private struct ClipOverlay {
    let clip: AskedClip
    let name: OverlayName
    let width: Int
    let folder: FilePath

    private var input: FilePath { FilePath(clip.clip.path) }
    private var masks: FilePath { FilePath(clip.masks.path) }
    private var video: FilePath { folder.appending(name.video) }

    private func output(
        _ path: FilePath,
        _ content: PreviewOutput.Content
    ) throws -> PreviewOutput {
        try PreviewOutput(path, content, inputs: [input], masks: masks)
    }

    private var poster: PreviewOutput {
        get throws { try output(folder.appending(name.poster), .poster) }
    }

    /// Whether both files are there, and so is the clip.
    func isMade() throws -> Bool {
        try FileStatus(following: input) != nil && output(video, .preview).isMade()
            && poster.isMade()
    }

    /// Makes what is missing. Masks that are made again meanwhile are not taken for those that were
    /// asked about.
    ///
    /// - Throws: `EightCutError` when the clip or a mask cannot be read, a mask lacks, or a file cannot
    ///   be written; `CancellationError`.
    func make(_ reporter: any ProgressReporter) async throws {
        let output = try output(video, .preview)
        if try FileStatus(following: input) == nil || !output.isMade() {
            let preview = try Preview(
                input: input,
                masks: masks,
                output: output,
                width: width,
                needsAllMasks: true,
                reporter: reporter
            )
            let stream = try await VideoProbe.stream(of: input, preview.videoOptions)
            _ = try await preview.make(stream)
            guard CurrentMasks.digest(of: masks)?.isExactly(clip.digest) == true else {
                try PreviewOutput.removeMade(video, .preview)
                throw EightCutError(
                    .inputUnusable,
                    "cannot show the masks in",
                    on: masks.string,
                    because: "they have been made again meanwhile",
                    remedy: "Run the same command again."
                )
            }
        }
        // Objects that come late or leave early are in the middle.
        try await Poster(of: video, output: poster).make(at: clip.clip.duration / 2)
    }
}

/// Turns the progress of a clip into a part of that of all.
private struct PartReporter: ProgressReporter {
    private let done: Int
    private let total: Int
    private let meter: ProgressMeter
    private let reporter: any ProgressReporter

    init(
        done: Int,
        _ total: Int,
        _ meter: ProgressMeter,
        _ reporter: any ProgressReporter
    ) {
        self.done = done
        self.total = total
        self.meter = meter
        self.reporter = reporter
    }

    /// Some frames at a time: there are hundreds in a second.
    private static let frames = 25

    func report(_ event: ProgressEvent) throws {
        guard case .progress(let frame) = event, frame.done.isMultiple(of: Self.frames),
            let part = frame.part
        else { return }
        try reporter.report(
            .work(
                meter.progress(
                    done: done,
                    total: total,
                    totalIsEstimate: false,
                    worked: Double(done) + part,
                    unit: "clip"
                )
            )
        )
    }
}
