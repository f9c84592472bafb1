import ClipLibrary
import Diagnostics
import Progress

/// Writes a data set of clips of the library.
///
/// ```
/// clips ─ClipSelection─▶ files, masks ─DatasetPlanner─▶ DatasetPlan ─DatasetWriter─▶ folder
/// ```
package struct DatasetExportRun: Sendable {
    private let request: DatasetRequest
    private let library: Library
    private let width: Int
    private let reporter: any ProgressReporter

    /// - Parameters:
    ///   - request: what data set.
    ///   - library: where the clips are.
    ///   - width: clips that are worked on at a time.
    ///   - reporter: receives the events.
    package init(
        _ request: DatasetRequest,
        library: Library,
        width: Int,
        reporter: any ProgressReporter
    ) {
        self.request = request
        self.library = library
        self.width = max(1, width)
        self.reporter = reporter
    }

    /// Decides what becomes of every clip. Nothing is written.
    ///
    /// - Parameter clips: the selection, in any order.
    /// - Returns: a row for each clip, by their numbers.
    /// - Throws: `EightCutError` when the library cannot be read; `CancellationError` or
    ///   `OutputClosed`.
    package func plan(_ clips: [LibraryClip]) async throws -> DatasetPlan {
        let selection = ClipSelection(
            library: library,
            choice: request.masks,
            wantsMasks: request.wantsMasks,
            leastScore: request.leastScore,
            verdict: request.verdict,
            width: width
        )
        let selected = try await selection.select(clips.sorted { $0.id < $1.id })
        if selected.isEmpty, request.selectsByMasks {
            throw EightCutError(
                .inputMissing,
                "cannot find clips for the data set",
                because: "none of \(clips.count) has masks with the score or verdict asked for",
                remedy:
                    "8cut library list --sort score prints scores and verdicts. A verdict is on "
                    + "the masks of its time: new masks have none."
            )
        }
        return try await DatasetPlanner(request: request, width: width, reporter: reporter)
            .plan(selected)
    }

    /// Writes the data set of a plan.
    ///
    /// - Returns: how many files were made; 0 where the data set was as it should be.
    /// - Throws: `EightCutError`, of code `inputUnusable` when the consumer would reject a clip and
    ///   that is not to be left out, or when no clip is left; `CancellationError` or
    ///   `OutputClosed`. What is finished stays for the next run.
    package func write(_ plan: DatasetPlan) async throws -> Int {
        // Clips that are left out as the user wished are no alert.
        let code = plan.request.skipsRejected ? "skippedClip" : "rejectedClip"
        for planned in plan.rejected { try reporter.warn(code, Self.sentence(planned)) }
        for warning in plan.warnings { try reporter.warn("dataset", warning) }
        if let error = rejection(of: plan) { throw error }
        return try await DatasetWriter(plan: plan, width: width, reporter: reporter).write()
    }

    /// The error of a plan that is not to be carried out; nil for the others.
    private func rejection(of plan: DatasetPlan) -> EightCutError? {
        let (rejected, profile) = (plan.rejected.count, request.profile.name)
        guard plan.accepted.isEmpty || rejected > 0 && !request.skipsRejected else { return nil }
        return EightCutError(
            .inputUnusable,
            "cannot write the data set",
            on: request.folder.string,
            because: "\(profile) would reject \(rejected) of \(plan.rows.count) clips",
            remedy: plan.accepted.isEmpty
                ? "What to do is said for each clip."
                : "Leave the rejected clips out, or do what is said for each of them."
        )
    }

    private static func sentence(_ planned: PlannedRow) -> String {
        "clip \(planned.clip.id), \(quoted(planned.clip.path)): \(planned.rejections.sentence)"
    }
}
