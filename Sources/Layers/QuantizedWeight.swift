import OnnxGraph

/// The weights of one or several linear layers that read the same rows, as 8-bit numbers with one
/// scale for each output.
struct QuantizedWeight {
    /// [inputs, outputs of all layers], int8.
    let weight: Value
    /// [outputs of all layers].
    let scale: Value

    /// Rounds the `weight`, [outputs, inputs], of the layers at these places.
    init(_ scopes: [Scope], inputs: Int, outputs: Int) {
        let root = scopes[0].builder.root
        let name = scopes[0].path + (scopes.count > 1 ? "+\(scopes.count - 1)" : "")
        let sources = scopes.map { ($0.tensorKey("weight"), [outputs, inputs]) }
        let total = scopes.count * outputs
        weight = root.computed(name + ".weight.int8", from: sources, shape: [inputs, total]) {
            Self.rounded($0, inputs: inputs)
        }
        scale = root.computed(name + ".weight.scale", from: sources, shape: [total]) {
            Self.scales($0, inputs: inputs)
        }
    }

    /// What a step is worth, for each output: 127 of them reach its largest weight.
    private static func scales(_ matrices: [[Float]], inputs: Int) -> [Float] {
        matrices.flatMap { matrix in
            stride(from: 0, to: matrix.count, by: inputs).map { start in
                let largest = matrix[start..<start + inputs].reduce(0) { max($0, abs($1)) }
                return largest > 0 ? largest / 127 : 1
            }
        }
    }

    private static func rounded(_ matrices: [[Float]], inputs: Int) -> [Int8] {
        let scales = scales(matrices, inputs: inputs)
        let outputs = scales.count
        var result = [Int8](repeating: 0, count: inputs * outputs)
        var output = 0
        for matrix in matrices {
            for start in stride(from: 0, to: matrix.count, by: inputs) {
                for input in 0..<inputs {
                    let level = (matrix[start + input] / scales[output]).rounded(.toNearestOrEven)
                    result[input * outputs + output] = Int8(max(-127, min(127, level)))
                }
                output += 1
            }
        }
        return result
    }
}
