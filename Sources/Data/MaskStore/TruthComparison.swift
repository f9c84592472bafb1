import Diagnostics
import Glibc
import Imaging
import Processes
import Progress
import SystemPackage

/// Compares masks with the true ones, as the benchmark DAVIS does.
package struct TruthComparison: Sendable {
    private let masks: MaskSequence
    private let truth: MaskSequence
    /// The pairs that count.
    private let counted: Range<Int>

    package struct Result: Sendable {
        /// How many frames count.
        package let frames: Int
        /// J: IoU with the true mask, 1 when both are empty.
        package let region: SequenceStatistics
        /// F: the agreement of the contours.
        package let contour: SequenceStatistics
    }

    /// - Parameters:
    ///   - masks: the folder of the masks.
    ///   - truth: the folder of the true masks; the first is that of the first mask, and so on.
    ///   - isOfficial: whether the first and the last frame are left out, as in all figures that
    ///     are published: methods that are given the first mask do not find it, and some measures
    ///     need a neighbour.
    /// - Throws: `EightCutError` when a folder has no masks, or they are not one for each true one.
    package init(masks: FilePath, truth: FilePath, isOfficial: Bool) throws {
        let (masks, truth) = (try MaskSequence(masks), try MaskSequence(truth))
        (self.masks, self.truth) = (masks, truth)
        guard masks.count == truth.count else {
            throw Self.error(
                masks,
                "it has \(masks.count) of them, and \(quoted(truth.folder.string)) \(truth.count)"
            )
        }
        if let place = masks.mismatch(truth) {
            let names = [masks, truth].map { quoted($0.path(place).lastComponent?.string ?? "") }
            throw Self.error(
                masks,
                "numbers are missing: mask \(place + 1) is \(names[0]), but \(names[1]) in "
                    + quoted(truth.folder.string)
            )
        }
        counted = isOfficial ? 1..<max(1, masks.count - 1) : 0..<masks.count
        guard !counted.isEmpty else {
            throw EightCutError(
                .inputUnusable,
                "cannot compare the masks in",
                on: masks.folder.string,
                because: "without the first and the last frame there is none"
            )
        }
    }

    private static func error(_ masks: MaskSequence, _ why: String) -> EightCutError {
        EightCutError(
            .inputUnusable,
            "cannot compare the masks in",
            on: masks.folder.string,
            because: why,
            remedy: "There must be one mask for each true mask."
        )
    }

    /// Compares all frames that count, several at the same time.
    ///
    /// - Parameter reporter: receives the progress.
    /// - Returns: the measures; they do not depend on the number of cores.
    /// - Throws: `EightCutError` when a file cannot be read, or a mask has not the size of the true
    ///   one; `CancellationError`.
    package func run(_ reporter: any ProgressReporter) async throws -> Result {
        let meter = ProgressMeter()
        let total = counted.count
        var scores = [(region: Double, contour: Double)](repeating: (0, 0), count: total)
        try await withThrowingTaskGroup(of: (Int, Double, Double).self) { group in
            var waiting = counted.makeIterator()
            for _ in 0..<AvailableCores.count {
                if let frame = waiting.next() { group.addTask { try compare(frame) } }
            }
            var done = 0
            while let (frame, region, contour) = try await group.next() {
                try Task.checkCancellation()
                if let frame = waiting.next() { group.addTask { try compare(frame) } }
                scores[frame - counted.lowerBound] = (region, contour)
                done += 1
                try reporter.report(
                    .progress(meter.progress(done: done, total: total, totalIsEstimate: false))
                )
            }
        }
        return Result(
            frames: total,
            region: SequenceStatistics(scores.map(\.region)),
            contour: SequenceStatistics(scores.map(\.contour))
        )
    }

    private func compare(_ frame: Int) throws -> (Int, Double, Double) {
        let (mask, truth) = (try masks.object(frame), try truth.object(frame))
        guard mask.width == truth.width, mask.height == truth.height else {
            throw EightCutError(
                .inputUnusable,
                "cannot compare the mask",
                on: masks.path(frame).string,
                because: "it has \(mask.width)x\(mask.height) pixels, and "
                    + "\(quoted(self.truth.path(frame).string)) \(truth.width)x\(truth.height)"
            )
        }
        return (frame, MaskMetrics.iou(mask, truth), ContourAccuracy.f(mask, truth))
    }
}
