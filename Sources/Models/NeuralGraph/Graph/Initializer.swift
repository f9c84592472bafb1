import Weights

/// A tensor that belongs to the model: a weight, or a constant.
public struct Initializer: Sendable {
    /// Its name in the graph.
    public let name: String
    /// What it holds in the graph; may differ from what the checkpoint holds.
    public let type: ElementType
    /// Its axes.
    public let shape: [Int]
    /// Where its elements come from.
    public let source: Source

    /// Where the elements of an initializer come from.
    public enum Source: Sendable {
        /// A tensor of the checkpoint, as it is there, or converted when the types differ.
        case stored(StoredTensor)
        /// Worked out when the model is loaded; gives the bytes of the tensor.
        case computed(@Sendable () -> [UInt8])
        /// Written in the program.
        case literal([UInt8])
    }

    /// Bytes that it takes.
    public var byteCount: Int { shape.reduce(type.byteCount, *) }
}
