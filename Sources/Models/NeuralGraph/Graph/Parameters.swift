import Diagnostics
import Weights

/// The tensors of a checkpoint, with a note of which have been used: several graphs may share one.
package final class Parameters {
    /// The checkpoint, or a list of its tensors.
    package let source: any WeightSource
    private var used: Set<String> = []

    /// The tensors of a checkpoint.
    package init(_ source: any WeightSource) {
        self.source = source
    }

    /// A tensor, which counts as used from now on.
    func take(_ key: String) -> StoredTensor? {
        used.insert(key)
        return source.tensor(key)
    }

    /// Makes sure that no tensor is left over: one that the graphs do not know may mean that the
    /// checkpoint is of another model.
    ///
    /// - Parameter ignoring: keys that are left out on purpose, each with the reason.
    /// - Throws: `EightCutError` of code `inputUnusable` that names the first keys.
    package func checkAllUsed(ignoring: [String: String] = [:]) throws {
        let left = source.keys.filter { !used.contains($0) && ignoring[$0] == nil }
        guard let first = left.first else { return }
        let others = left.count > 1 ? " and \(left.count - 1) more" : ""
        throw EightCutError(
            .inputUnusable,
            "cannot use the model",
            on: source.name,
            because: "it holds a tensor that does not belong to the model: \(first)\(others)",
            remedy: "Is config.json from another model than the weights?"
        )
    }
}
