import BatchList
import Diagnostics
import Files
import Progress

/// What is there when a row is done.
package struct FinishedRow: Sendable {
    /// The video that the masks are of.
    package var input: RowInput
    /// How many masks there are.
    package var frames: Int
    /// How many masks have which flag, by its name.
    package var flags: [String: Int]
    /// What of the input was damaged; nil where nothing was.
    package var damage: EightCutError?

    package init(
        input: RowInput,
        frames: Int,
        flags: [String: Int] = [:],
        damage: EightCutError? = nil
    ) {
        self.input = input
        self.frames = frames
        self.flags = flags
        self.damage = damage
    }
}

/// Works on the rows of a list, several at once. A row that fails does not end the others.
///
/// Every result is written as soon as its row has ended, so that nothing is lost when the run is
/// ended, and nothing is done twice when it begins again.
package struct BatchRun: Sendable {
    /// Makes the masks of a row.
    ///
    /// - Throws: `EightCutError` when they cannot be made, or not now; `CancellationError`.
    package typealias Work =
        @Sendable (BatchRow, any ProgressReporter) async throws -> FinishedRow

    private let list: BatchList
    private let results: ResultFolder
    private let width: Int
    private let reporter: any ProgressReporter
    private let work: Work

    /// - Parameters:
    ///   - list: has the rows.
    ///   - results: where their results are kept.
    ///   - width: how many rows are worked on at once.
    ///   - reporter: receives progress, and each result as a line of output.
    ///   - work: makes the masks of a row.
    package init(
        _ list: BatchList,
        _ results: ResultFolder,
        width: Int,
        reporter: any ProgressReporter,
        work: @escaping Work
    ) {
        self.list = list
        self.results = results
        self.width = max(1, width)
        self.reporter = reporter
        self.work = work
    }

    /// Reports the rows that are done, and says which are not.
    ///
    /// - Parameter places: the rows' places in the list, in the order of the work.
    /// - Returns: what is done, and the places of the other rows.
    /// - Throws: `EightCutError` when the list or a result cannot be read; `OutputClosed`;
    ///   `CancellationError`.
    package func finished(of places: [Int]) throws -> (BatchSummary, rest: [Int]) {
        var summary = BatchSummary(total: places.count)
        let rest = try places.filter { place in
            try Task.checkCancellation()
            let row = try list.row(place)
            guard let result = try results.result(of: row.id), result.isDone(row),
                let stamp = result.stamp, RowStamp(row)?.text.isExactly(stamp) ?? false
            else { return true }
            try reporter.report(.output(.init(line: result.json, isData: true)))
            summary.add(result, wasDone: true)
            return false
        }
        return (summary, rest)
    }

    /// Works on rows.
    ///
    /// - Parameters:
    ///   - places: the rows' places in the list, in the order of the work.
    ///   - before: what is done without that.
    /// - Returns: what has become of all rows.
    /// - Throws: `EightCutError` when results cannot be written, or no row can be done here;
    ///   `OutputClosed` or `CancellationError`. Results of rows that have ended are written.
    package func run(_ places: [Int], after before: BatchSummary) async throws -> BatchSummary {
        let progress = BatchProgress(
            total: before.total,
            doneAtStart: before.doneCount,
            reporter: reporter
        )
        try progress.begin()
        return try await withThrowingTaskGroup(of: BatchResult.self) { tasks in
            var summary = before
            var next = places.makeIterator()
            func start() throws {
                guard let place = next.next() else { return }
                let row = try list.row(place)
                tasks.addTask { try await attempt(row, progress) }
            }
            for _ in 0..<width { try start() }
            while let result = try await tasks.next() {
                summary.add(result)
                try Task.checkCancellation()
                try start()
            }
            return summary
        }
    }

    /// Works on a row, and writes what has become of it.
    private func attempt(_ row: BatchRow, _ progress: BatchProgress) async throws -> BatchResult {
        let earlier = try results.result(of: row.id)
        let attempt = earlier.map { $0.row.isExactly(row.digest) ? $0.attempt + 1 : 1 } ?? 1
        let clock = RowClock()
        let result: BatchResult
        do {
            let end = try await work(row, RowReporter(row.id, progress, reporter))
            result = done(row, end, clock.seconds, attempt)
        } catch let error as OutputClosed {
            throw error
        } catch {
            let error = error is CancellationError ? stopped : EightCutError(ending: error)
            // This is not about the row: no row can be done here.
            guard error.code != .toolMissing else { throw error }
            result = BatchResult(
                of: row,
                BatchResult.Status(of: error.code),
                error: error,
                seconds: clock.seconds,
                attempt: attempt
            )
        }
        var written = result
        if width == 1 { written.processorSeconds = clock.processorSeconds }
        try results.write(written)
        try reporter.report(.output(.init(line: written.json, isData: true)))
        if written.status != .done, !Task.isCancelled {
            try reporter.warn(
                written.status == .failed ? "failedRow" : "rowToTryAgain",
                "\(quoted(row.id)): \(written.error?.error.description ?? "")"
            )
        }
        try progress.end(row.id)
        return written
    }

    private var stopped: EightCutError {
        EightCutError(
            .interrupted,
            "stopped",
            because: "the run was ended while it worked on the row",
            remedy: "Run the same command again to go on where it stopped."
        )
    }

    private func done(
        _ row: BatchRow,
        _ end: FinishedRow,
        _ seconds: Double,
        _ attempt: Int
    ) -> BatchResult {
        var result = BatchResult(
            of: row,
            .done,
            error: end.damage,
            seconds: seconds,
            attempt: attempt
        )
        result.frames = end.frames
        if !end.flags.isEmpty { result.flags = end.flags }
        result.stamp = RowStamp(row)?.text
        result.inputBytes = end.input.bytes
        if let masks = row.output.path.flatMap({ try? OpenFolder($0) }) {
            result.outputBytes = byteCount(of: masks) + (end.input.isCut ? end.input.bytes : 0)
        }
        return result
    }
}

extension BatchResult.Status {
    /// What becomes of a row that has failed in some way: it is tried again where time can help.
    package init(of code: ErrorCode) {
        self =
            switch code {
            case .networkFailed, .toolFailed, .inputOutput, .outputBusy, .interrupted: .again
            case .inputDamaged: .done
            default: .failed
            }
    }
}
