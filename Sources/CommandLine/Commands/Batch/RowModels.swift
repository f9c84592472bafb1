import BatchList
import Diagnostics
import Methods
import Processes
import Synchronization

/// The models that rows need, in as many copies as the machine has memory and cores for.
final class RowModels: Sendable {
    /// Finds models and devices before the work begins, and is the only copy where that is enough.
    let finder = LoadedModels(keepsDetectors: true)
    private let copies: Int?
    private let pool = Mutex<ModelPool?>(nil)
    private let usesModel = Mutex(false)
    /// The most threads that a row sets for its model.
    private let threads = Mutex<Int?>(nil)

    /// - Parameter copies: how many copies work side by side; nil leaves the choice to us.
    init(copies: Int?) {
        self.copies = copies
    }

    /// Takes note of what a row needs.
    func note(_ row: BatchRow) {
        if row.method != .saliency { usesModel.withLock { $0 = true } }
        if case .number(let number) = row.options["threads"], let count = Int(exactly: number) {
            threads.withLock { $0 = max($0 ?? 1, count) }
        }
    }

    /// How many rows are worked on at once. A clip of the built-in method keeps two cores busy; a
    /// copy of a model all of its own, but not while a clip begins and ends.
    var usualWidth: Int {
        usesModel.withLock { $0 }
            ? 2 * shares(rows: .max).copies : max(2, AvailableCores.count / 2)
    }

    /// How many models have been loaded so far.
    var loadCount: Int { pool.withLock { $0?.loadCount ?? 0 } }

    /// Decides how many copies there are to be, once the finder knows all models.
    ///
    /// - Parameter width: how many rows are worked on at once.
    /// - Returns: how the cores are divided; nil where no row needs a model, or they run on a GPU.
    @discardableResult
    func divide(width: Int) -> CoreShares? {
        var division = shares(rows: width)
        if copies == nil {
            // What copies gain on a GPU, and what memory it has left, is not known.
            division =
                finder.usesGPU
                ? shares(rows: 1)
                : division.fitting(
                    memory: AvailableMemory.bytes,
                    checkpoint: finder.largestCheckpoint,
                    cores: AvailableCores.physicalCount
                )
        }
        let threads = division.threads
        let isEnough = division.copies == 1 && threads == finder.threads
        let models = (0..<division.copies).map { _ in
            isEnough ? finder : LoadedModels(keepsDetectors: true, threads: threads)
        }
        pool.withLock { $0 = ModelPool(models) }
        return usesModel.withLock { $0 } && !finder.usesGPU ? division : nil
    }

    /// Works with the copy that the fewest other rows use.
    ///
    /// - Throws: what `work` throws.
    func use<Result>(_ work: (LoadedModels) async throws -> Result) async throws -> Result {
        guard let pool = pool.withLock({ $0 }) else {
            throw EightCutError.internalFault(because: "rows are not prepared")
        }
        return try await pool.use(work)
    }

    private func shares(rows: Int) -> CoreShares {
        CoreShares(
            cores: AvailableCores.physicalCount,
            rows: rows,
            copies: copies,
            threads: threads.withLock { $0 }
        )
    }
}
