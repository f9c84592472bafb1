import Tracking

/// What can be chosen about a model besides its checkpoint: less work for masks that are less exact,
/// and which frames it remembers.
package struct Sam2Options: Sendable, Equatable {
    /// Rows and columns that frames are resized to; nil for what the checkpoint says.
    package var resolution: Int?
    /// Which stored memories take part in memory attention.
    package var memory: Sam2MemoryUse

    /// Which frames are remembered.
    package var rules: MemoryRules

    /// As the model was trained.
    package init(
        resolution: Int? = nil,
        memory: Sam2MemoryUse = .all,
        rules: MemoryRules = .standard
    ) {
        self.resolution = resolution
        self.memory = memory
        self.rules = rules
    }
}

/// Which stored memories take part in memory attention. Fewer are faster, and no longer what the
/// model was trained for.
package struct Sam2MemoryUse: Sendable, Equatable {
    /// How many memories; nil for as many as the checkpoint says.
    package var count: Int?
    /// All but the nearest memory have one token for squares of so many rows and columns.
    package var pooling: Int

    /// All memories, as the model was trained.
    package static let all = Sam2MemoryUse(count: nil, pooling: 1)

    package init(count: Int?, pooling: Int) {
        self.count = count
        self.pooling = pooling
    }
}
