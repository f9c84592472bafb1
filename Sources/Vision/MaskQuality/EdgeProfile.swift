import Saliency

/// Lines across a mask's edge, and what changes along them.
struct EdgeProfile {
    /// Places along a line, from 12 inside to 12 outside in steps of 2.
    private static let stepCount = 13
    private static let middle = 6
    /// With fewer lines nothing is said.
    private static let leastLines = 8

    /// For each line, the indices of its places.
    private let lines: [[Int]]

    init(_ mask: JudgedMask) {
        let (width, height) = (mask.width, mask.height)
        var plane = Plane(width: width, height: height, values: mask.isInside.map { $0 ? 1 : 0 })
        plane = plane.boxMean(radius: 2).boxMean(radius: 2)
        var lines: [[Int]] = []
        for row in 0..<height {
            for column in 0..<width where Self.isEdge(mask, column, row) {
                let (left, right) = (max(column - 1, 0), min(column + 1, width - 1))
                let (above, below) = (max(row - 1, 0), min(row + 1, height - 1))
                let x = plane.values[row * width + left] - plane.values[row * width + right]
                let y = plane.values[above * width + column] - plane.values[below * width + column]
                let length = (x * x + y * y).squareRoot()
                guard length > 0 else { continue }
                let line = Self.line(
                    (Float(column), Float(row)),
                    (x / length, y / length),
                    width,
                    height
                )
                if let line { lines.append(line) }
            }
        }
        self.lines = lines.count < Self.leastLines ? [] : lines
    }

    /// Whether a place of the object has a neighbour outside. The frame's border is no edge.
    private static func isEdge(_ mask: JudgedMask, _ column: Int, _ row: Int) -> Bool {
        let place = row * mask.width + column
        guard mask.isInside[place] else { return false }
        return (column > 0 && !mask.isInside[place - 1])
            || (column + 1 < mask.width && !mask.isInside[place + 1])
            || (row > 0 && !mask.isInside[place - mask.width])
            || (row + 1 < mask.height && !mask.isInside[place + mask.width])
    }

    /// The places of a line; nil where one is not on the frame.
    private static func line(
        _ start: (x: Float, y: Float),
        _ normal: (x: Float, y: Float),
        _ width: Int,
        _ height: Int
    ) -> [Int]? {
        var line: [Int] = []
        line.reserveCapacity(stepCount)
        for step in 0..<stepCount {
            let distance = 0.5 + Float(2 * (step - middle))
            let column = Int((start.x + distance * normal.x).rounded())
            let row = Int((start.y + distance * normal.y).rounded())
            guard (0..<width).contains(column), (0..<height).contains(row) else { return nil }
            line.append(row * width + column)
        }
        return line
    }

    /// The places at which colours are compared.
    var places: [Int] { lines.flatMap { $0 } }

    /// What the mask has by itself.
    ///
    /// - Parameters:
    ///   - colours: of the frame.
    ///   - residual: motion beside the camera's, in places; nil where nothing moves.
    /// - Returns: `edge` and `motionEdge`, where they can be known.
    func parts(
        _ colours: JudgedColours,
        _ residual: [SIMD2<Float>]?
    ) -> [QualityPart: Double] {
        [.edge: edge(colours), .motionEdge: residual.flatMap(motionEdge)].compactMapValues(\.self)
    }

    /// Part of the lines and distances at which colours change less than at the edge, the worse of
    /// inside and outside; nil where there are too few lines.
    private func edge(_ colours: JudgedColours) -> Double? {
        guard !lines.isEmpty else { return nil }
        var (inside, outside) = (0, 0)
        for line in lines {
            let along = line.map(colours.edge)
            func change(_ step: Int) -> Float {
                let difference = along[step + 1] - along[step - 1]
                return (difference * difference).sum()
            }
            let edge = change(Self.middle)
            for step in 1...3 where edge > change(step) { inside += 1 }
            for step in 9...11 where edge > change(step) { outside += 1 }
        }
        return Double(min(inside, outside)) / Double(3 * lines.count)
    }

    /// How much of the change in motion along a line is at the edge.
    ///
    /// - Parameter residual: motion beside the camera's, in places.
    /// - Returns: 0…1; nil where there are too few lines.
    private func motionEdge(_ residual: [SIMD2<Float>]) -> Double? {
        guard !lines.isEmpty else { return nil }
        var sum: Float = 0
        for line in lines {
            func change(_ step: Int) -> Float {
                let difference = residual[line[step + 1]] - residual[line[step - 1]]
                return (difference * difference).sum().squareRoot()
            }
            let edge = change(Self.middle)
            var beside: Float = 0
            for step in [1, 2, 3, 4, 8, 9, 10, 11] { beside += change(step) }
            // What flow is off by, where nothing moves.
            sum += edge / (edge + beside / 8 + 0.15)
        }
        return Double(sum) / Double(lines.count)
    }
}
