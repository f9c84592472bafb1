/// The weights of a linear layer as 8-bit numbers, with one scale for each output.
struct QuantizedWeight {
    /// [inputs, outputs], int8.
    let weight: Value
    /// [outputs].
    let scale: Value

    /// Rounds the `weight`, [outputs, inputs], of the layer at a place of the checkpoint.
    ///
    /// - Parameters:
    ///   - scope: the place.
    ///   - inputs: length of a row of the layer's input.
    ///   - outputs: length of a row of its result.
    ///   - part: which rows of the checkpoint's matrix are the layer's, and how many there are; nil
    ///     for all.
    init(_ scope: Scope, inputs: Int, outputs: Int, part: (rows: Range<Int>, whole: Int)?) {
        let source = [("weight", [part?.whole ?? outputs, inputs])]
        let rows = part?.rows ?? 0..<outputs
        let own = { @Sendable (matrices: [[Float]]) in
            Array(matrices[0][rows.lowerBound * inputs..<rows.upperBound * inputs])
        }
        let name = part.map { "weight[\($0.rows.lowerBound)..<\($0.rows.upperBound)]" } ?? "weight"
        weight = scope.computed(name + ".int8", from: source, shape: [inputs, outputs]) {
            Self.rounded(own($0), inputs: inputs)
        }
        scale = scope.computed(name + ".scale", from: source, shape: [outputs]) {
            Self.scales(own($0), inputs: inputs)
        }
    }

    /// What a step is worth, for each output: 127 of them reach its largest weight.
    private static func scales(_ matrix: [Float], inputs: Int) -> [Float] {
        stride(from: 0, to: matrix.count, by: inputs).map { start in
            let largest = matrix[start..<start + inputs].reduce(0) { max($0, abs($1)) }
            return largest > 0 ? largest / 127 : 1
        }
    }

    private static func rounded(_ matrix: [Float], inputs: Int) -> [Int8] {
        let scales = scales(matrix, inputs: inputs)
        var result = [Int8](repeating: 0, count: matrix.count)
        for (output, scale) in scales.enumerated() {
            for input in 0..<inputs {
                let level = (matrix[output * inputs + input] / scale).rounded(.toNearestOrEven)
                result[input * scales.count + output] = Int8(max(-127, min(127, level)))
            }
        }
        return result
    }
}
