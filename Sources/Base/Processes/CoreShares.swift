/// How the cores are shared by copies of a model that work side by side.
///
/// A model's operators take well under a millisecond each on many cores, and all threads wait for the
/// last one after each of them: beyond some eight threads another clip gains more than another
/// thread. Memory limits the copies, since each holds its matrices in an order of its own.
package struct CoreShares: Sendable, Equatable {
    /// At least 1.
    package let copies: Int
    /// Threads for each; at least 1. All of them together are no more than the cores, unless the
    /// user asks for more copies than cores.
    package let threads: Int

    /// Cores for one copy, at the least, unless the user says it.
    private static let usualThreads = 8

    /// - Parameters:
    ///   - cores: how many there are.
    ///   - rows: how many clips are worked on at once.
    ///   - copies: how many copies the user wants; nil leaves the choice to us.
    ///   - threads: how many threads of each the user wants; nil leaves the choice to us.
    package init(cores: Int, rows: Int, copies: Int? = nil, threads: Int? = nil) {
        let fitting = cores / max(1, threads ?? Self.usualThreads)
        self.copies = max(1, min(rows, copies ?? fitting))
        self.threads = threads ?? max(1, cores / self.copies)
    }

    /// - Parameters:
    ///   - memory: what there is for all copies, in bytes; nil when it is not known.
    ///   - checkpoint: the size of the weights, in bytes.
    ///   - cores: how many there are.
    /// - Returns: as many copies of it as fit, and the threads that they leave to each other.
    package func fitting(memory: Int?, checkpoint: Int, cores: Int) -> CoreShares {
        guard let memory else { return self }
        // Measured: 0.32 GB for weights of 0.1 GB, 0.73 GB for 0.16 GB, 2.0 GB for 1.3 GB.
        let needed = checkpoint + checkpoint / 2 + 500_000_000
        let most = max(1, memory / needed)
        return most < copies ? CoreShares(cores: cores, rows: most, copies: most) : self
    }
}
