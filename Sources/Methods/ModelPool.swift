import Synchronization

/// Copies of models for clips that are worked on side by side.
package final class ModelPool: Sendable {
    private let copies: [LoadedModels]
    /// How many clips use each copy.
    private let users: Mutex<[Int]>

    /// - Parameter copies: the copies, one or more.
    package init(_ copies: [LoadedModels]) {
        self.copies = copies
        users = Mutex(Array(repeating: 0, count: copies.count))
    }

    /// How many models have been loaded so far, by all copies together.
    package var loadCount: Int { copies.map(\.loadCount).reduce(0, +) }

    /// Works with the copy that the fewest others use.
    ///
    /// - Throws: what `work` throws.
    package func use<Result>(
        _ work: (LoadedModels) async throws -> Result
    ) async rethrows -> Result {
        let place = users.withLock { users in
            let place = users.indices.min { users[$0] < users[$1] } ?? 0
            users[place] += 1
            return place
        }
        defer { users.withLock { $0[place] -= 1 } }
        return try await work(copies[place])
    }
}
