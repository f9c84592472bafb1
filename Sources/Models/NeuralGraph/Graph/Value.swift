/// A tensor in a graph that is being built: what a module takes and gives.
///
/// Operators on values check shapes as they go. A mistake is noted in the builder with the modules
/// that the operands come from, and gives a value of unknown shape on which further operators do
/// nothing, so model code needs no `try`: `GraphBuilder.finish` throws.
package struct Value {
    let builder: GraphBuilder
    /// Its name in the graph; empty where a mistake was made.
    package let name: String
    /// What it holds.
    package let type: ElementType
    /// Its axes.
    package let shape: Shape
    /// Path of the module that made it, in the checkpoint's names.
    let origin: String

    /// Whether it comes after a mistake.
    var isPoisoned: Bool { name.isEmpty }

    /// The first of some operands that comes after a mistake.
    static func poisoned(_ operands: Value?...) -> Value? {
        operands.lazy.compactMap(\.self).first(where: \.isPoisoned)
    }

    /// `[1, 384] from backbone.embeddings`, for messages.
    var label: String { "\(shape)" + (origin.isEmpty ? "" : " from \(origin)") }
}
