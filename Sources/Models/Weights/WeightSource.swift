/// Where a model's weights come from, by their names.
package protocol WeightSource: Sendable {
    /// The path or name that messages speak of.
    var name: String { get }
    /// The names of all tensors, sorted.
    var keys: [String] { get }
    /// One tensor; nil when there is none of that name.
    func tensor(_ key: String) -> StoredTensor?
}
