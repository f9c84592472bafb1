/// What is done to the whole grid before it is read.
extension ColourPlaceModel {
    /// Part of each colour's evidence, wherever it is, that speaks for the object.
    func shareOfColours(_ grid: [SIMD2<Float>]) -> [Float] {
        var sums = [SIMD2<Float>](repeating: .zero, count: Self.colours)
        let values = grid.span
        do {
            var sum = sums.mutableSpan
            for place in stride(from: 0, to: values.count, by: Self.colours) {
                for colour in 0..<Self.colours {
                    sum[unchecked: colour] += values[unchecked: place &+ colour]
                }
            }
        }
        return sums.map { $0.x / ($0.y + 1) }
    }

    /// Weights 1 2 1 along one direction of the grid.
    func blur(_ grid: inout [SIMD2<Float>], stride: Int, count: Int) {
        guard count > 1 else { return }
        var values = grid.mutableSpan
        let block = stride * count
        var start = 0
        while start < values.count {
            for inner in 0..<stride {
                var at = start + inner
                var before = values[unchecked: at]
                for step in 0..<count {
                    let here = values[unchecked: at]
                    let after = step + 1 < count ? values[unchecked: at &+ stride] : here
                    values[unchecked: at] = (before + after) * 0.25 + here * 0.5
                    before = here
                    at += stride
                }
            }
            start += block
        }
    }
}
