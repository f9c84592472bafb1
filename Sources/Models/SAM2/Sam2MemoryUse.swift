/// What is attended to of what is remembered. Less is faster, and no longer what the model was
/// trained for.
package struct Sam2MemoryUse: Sendable, Equatable {
    /// How many memories; nil for as many as the checkpoint says.
    package var count: Int?
    /// All but the nearest memory have one token for squares of so many rows and columns.
    package var pooling: Int

    /// What the model was trained for.
    package static let all = Sam2MemoryUse(count: nil, pooling: 1)

    /// Puts it together.
    package init(count: Int?, pooling: Int) {
        self.count = count
        self.pooling = pooling
    }
}
