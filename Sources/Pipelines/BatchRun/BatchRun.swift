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
    /// An estimate of their IoU with the true masks, 0…1; nil where they were not judged.
    package var score: Double?
    /// What of the input was damaged; nil where nothing was.
    package var damage: EightCutError?

    package init(
        input: RowInput,
        frames: Int,
        flags: [String: Int] = [:],
        score: Double? = nil,
        damage: EightCutError? = nil
    ) {
        self.input = input
        self.frames = frames
        self.flags = flags
        self.score = score
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

    /// Says what the files of a row look like; nil where one is missing.
    package typealias Look = @Sendable (BatchRow) async throws -> RowFingerprint?

    private let list: BatchList
    private let results: ResultFolder
    private let width: Int
    private let reporter: any ProgressReporter
    private let look: Look
    private let work: Work
    /// Rows in a store that are looked at at once.
    private static let looks = 8

    /// - Parameters:
    ///   - list: has the rows.
    ///   - results: where their results are kept.
    ///   - width: how many rows are worked on at once.
    ///   - reporter: receives progress, and each result as a line of output.
    ///   - look: says what the files of a row look like.
    ///   - work: makes the masks of a row.
    package init(
        _ list: BatchList,
        _ results: ResultFolder,
        width: Int,
        reporter: any ProgressReporter,
        look: @escaping Look = { RowFingerprint($0) },
        work: @escaping Work
    ) {
        self.list = list
        self.results = results
        self.width = max(1, width)
        self.reporter = reporter
        self.look = look
        self.work = work
    }

    /// Reports the rows that are done, and says which are not.
    ///
    /// - Parameter places: the rows' places in the list, in the order of the work.
    /// - Returns: what is done, and the places of the other rows.
    /// - Throws: `EightCutError` when the list or a result cannot be read; `OutputClosed`;
    ///   `CancellationError`.
    package func finished(of places: [Int]) async throws -> (BatchSummary, rest: [Int]) {
        var (summary, rest) = (BatchSummary(total: places.count), [Int]())
        for start in stride(from: 0, to: places.count, by: Self.looks) {
            try Task.checkCancellation()
            let some = places[start..<min(start + Self.looks, places.count)]
            let results = try await withThrowingTaskGroup(of: (Int, BatchResult?).self) { tasks in
                for place in some {
                    tasks.addTask { (place, try await finishedResult(of: place)) }
                }
                return try await tasks.reduce(into: [:]) { $0[$1.0] = $1.1 }
            }
            for place in some {
                guard let result = results[place] else {
                    rest.append(place)
                    continue
                }
                try reporter.report(.output(.init(line: result.json, isData: true)))
                summary.add(result, wasDone: true)
            }
        }
        return (summary, rest)
    }

    /// The result of a row that is done; nil for others.
    private func finishedResult(of place: Int) async throws -> BatchResult? {
        let row = try list.row(place)
        guard let result = try results.result(of: row.id), result.isDone(row),
            let fingerprint = result.fingerprint,
            // Why a store does not answer is found out by the work on the row.
            let look = (try? await look(row)) ?? nil, look.text.isExactly(fingerprint)
        else { return nil }
        return result
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
            result = await done(row, end, clock.seconds, attempt)
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
    ) async -> BatchResult {
        var result = BatchResult(
            of: row,
            .done,
            error: end.damage,
            seconds: seconds,
            attempt: attempt
        )
        result.frames = end.frames
        if !end.flags.isEmpty { result.flags = end.flags }
        result.score = end.score
        result.fingerprint = ((try? await look(row)) ?? nil)?.text
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
