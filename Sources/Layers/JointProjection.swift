import OnnxGraph

/// The queries, keys and values of an attention whose three projections all read the same rows:
/// one product with their weights side by side.
public struct JointProjection {
    private let scopes: [Scope]
    private let width: Int
    private let hasBias: Bool

    /// The layers whose `weight` and `bias` are at these places of the checkpoint.
    ///
    /// - Parameters:
    ///   - scopes: the places.
    ///   - width: length of a row, of x and of each result.
    ///   - hasBias: whether there is a `bias`.
    public init(_ scopes: [Scope], width: Int, hasBias: Bool = true) {
        self.scopes = scopes
        self.width = width
        self.hasBias = hasBias
    }

    /// [rows, width] → as many times [rows, width] as there are places.
    public func callAsFunction(_ x: Value) -> [Value] {
        let count = scopes.count
        let root = scopes[0].builder.root
        let name = scopes[0].path + "+\(count - 1)"
        let bias =
            hasBias
            ? root.computed(
                name + ".bias",
                from: scopes.map { ($0.tensorKey("bias"), [width]) },
                shape: [count * width]
            ) { $0.flatMap(\.self) } : nil
        let product: Value
        if scopes[0].builder.precision == .int8 {
            let layer = QuantizedWeight(scopes, inputs: width, outputs: width)
            product = x.multipliedInBytes(by: layer.weight, scale: layer.scale, adding: bias)
        } else {
            let weight = root.computed(
                name + ".weight",
                from: scopes.map { ($0.tensorKey("weight"), [width, width]) },
                shape: [count * width, width]
            ) { $0.flatMap(\.self) }
            product = x.multiplied(byRowsOf: weight, adding: bias)
        }
        return product.split(axis: 1, into: count)
    }
}
