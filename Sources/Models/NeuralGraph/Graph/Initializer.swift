import Weights

/// A tensor that belongs to the model: a weight, or a constant.
package struct Initializer: Sendable {
    /// Its name in the graph.
    package let name: String
    /// What it holds in the graph; may differ from what the checkpoint holds.
    package let type: ElementType
    /// Its axes.
    package let shape: [Int]
    /// Where its elements come from.
    package let source: Source

    /// Where the elements of an initializer come from.
    package enum Source: Sendable {
        /// A tensor of the checkpoint, as it is there, or converted when the types differ.
        case stored(StoredTensor)
        /// Worked out when the model is loaded; gives the bytes of the tensor.
        case computed(@Sendable () -> [UInt8])
        /// Written in the program.
        case literal([UInt8])
    }

    /// Bytes that it takes.
    package var byteCount: Int { shape.reduce(type.byteCount, *) }
}
