/// Which colours, at which positions, belong to the object: evidence for object and background is
/// collected in a coarse grid over position and colour, blurred, and read back for every sample. It
/// fills in what the evidence leaves open and averages it over textures. A coarse bilateral grid:
/// J. Chen, S. Paris and F. Durand, SIGGRAPH 2007; N. Märki et al., "Bilateral Space Video
/// Segmentation", CVPR 2016.
struct ColourModel: Sendable {
    private typealias Tuning = SaliencyTuning.Colours
    private static let colours = Tuning.lumaBins * Tuning.chromaBins * Tuning.chromaBins

    let size: WorkingSize
    let columns: Int
    let rows: Int
    let cell: Int
    /// Weight of object and of all evidence, one pair a cell; colours run fastest.
    private var cells: [SIMD2<Float>]

    init(size: WorkingSize) {
        self.size = size
        let longer = max(size.width, size.height)
        cell = max(1, (longer + Tuning.longerCells - 1) / Tuning.longerCells)
        columns = (size.width + cell - 1) / cell
        rows = (size.height + cell - 1) / cell
        cells = [SIMD2<Float>](repeating: .zero, count: columns * rows * Self.colours)
    }

    mutating func reset() {
        for index in cells.indices { cells[index] = .zero }
    }

    /// Index of every sample's colour.
    static func bins(of small: SmallFrame) -> [Int32] {
        let colours = small.colours.span
        var bins = [Int32](repeating: 0, count: small.luma.count)
        var target = bins.mutableSpan
        let half = Float(Tuning.chromaBins) / 2
        let top = Float(Tuning.chromaBins) - 0.5
        let lumaScale = Float(Tuning.lumaBins) / 256
        let scale = 1 / Tuning.chromaStep
        for index in 0..<small.luma.count {
            let y = Int32(colours[unchecked: index].x * lumaScale)
            let b = Int32(min(max((colours[unchecked: index].y - 128) * scale + half, 0), top))
            let r = Int32(min(max((colours[unchecked: index].z - 128) * scale + half, 0), top))
            target[unchecked: index] =
                (b * Int32(Tuning.chromaBins) + r) * Int32(Tuning.lumaBins) + y
        }
        return bins
    }

    /// Adds a frame's evidence to what is left of the earlier ones'.
    ///
    /// - Parameters:
    ///   - bins: index of every sample's colour.
    ///   - object: weight of the evidence for the object at every sample.
    ///   - background: the same for the background.
    mutating func learn(bins: [Int32], object: Plane, background: Plane) {
        let colour = bins.span
        let fore = object.values.span
        let back = background.values.span
        let (size, cell, columns) = (size, cell, columns)
        var grid = cells.mutableSpan
        for index in 0..<grid.count { grid[unchecked: index] *= Tuning.retention }
        for y in 0..<size.height {
            for x in 0..<size.width {
                let at = y &* size.width &+ x
                let place = (y / cell) * columns + x / cell
                let weight = SIMD2(
                    fore[unchecked: at],
                    fore[unchecked: at] + back[unchecked: at]
                )
                grid[unchecked: place * Self.colours + Int(colour[unchecked: at])] += weight
            }
        }
    }

    /// Part of the evidence that is for the object, 0...1, at every sample.
    func read(bins: [Int32]) -> Plane {
        var blurred = cells
        blur(&blurred, stride: 1, count: Tuning.lumaBins)
        blur(&blurred, stride: Tuning.lumaBins, count: Tuning.chromaBins)
        blur(&blurred, stride: Tuning.lumaBins * Tuning.chromaBins, count: Tuning.chromaBins)
        blur(&blurred, stride: Self.colours, count: columns)
        blur(&blurred, stride: Self.colours * columns, count: rows)
        let everywhere = shareOfColours(blurred)
        let general = everywhere.span
        var result = Plane(unwritten: size.width, size.height)
        let grid = blurred.span
        let colour = bins.span
        var target = result.values.mutableSpan
        let lastColumn = Float(columns - 1)
        let lefts = (0..<size.width).map { x in
            max(0, min(lastColumn, (Float(x) + 0.5) / Float(cell) - 0.5))
        }
        let positions = lefts.span
        for y in 0..<size.height {
            let positionY = max(0, min(Float(rows - 1), (Float(y) + 0.5) / Float(cell) - 0.5))
            let top = Int(positionY)
            let below = top + 1 < rows ? columns * Self.colours : 0
            let partY = positionY - Float(top)
            let row = top * columns
            for x in 0..<size.width {
                let left = Int(Int32(positions[unchecked: x]))
                let right = left + 1 < columns ? Self.colours : 0
                let partX = positions[unchecked: x] - Float(left)
                let index = y &* size.width &+ x
                let at = (row &+ left) &* Self.colours &+ Int(colour[unchecked: index])
                let a = grid[unchecked: at]
                let b = grid[unchecked: at &+ right]
                let c = grid[unchecked: at &+ below]
                let d = grid[unchecked: at &+ below &+ right]
                let upperX = a.x + (b.x - a.x) * partX
                let lowerX = c.x + (d.x - c.x) * partX
                let upperY = a.y + (b.y - a.y) * partX
                let lowerY = c.y + (d.y - c.y) * partX
                let object = upperX + (lowerX - upperX) * partY
                let all = upperY + (lowerY - upperY) * partY
                let prior = general[unchecked: Int(colour[unchecked: index])]
                target[unchecked: index] =
                    (object + Tuning.priorWeight * prior)
                    / (all + Tuning.priorWeight + Tuning.positionFloor)
            }
        }
        return result
    }

    /// Part of each colour's evidence, wherever it is, that is for the object.
    private func shareOfColours(_ grid: [SIMD2<Float>]) -> [Float] {
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
        return sums.map { $0.x / ($0.y + Tuning.colourFloor) }
    }

    /// Weights 1 2 1 along one direction of the grid.
    private func blur(_ grid: inout [SIMD2<Float>], stride: Int, count: Int) {
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
