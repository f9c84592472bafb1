import Imaging
import Saliency

/// A mask at the size at which masks are judged.
struct JudgedMask: Sendable {
    let width: Int
    let height: Int
    /// Row by row.
    let isInside: [Bool]
    /// Places of the object.
    let count: Int

    /// A mask that covers at least this part of the frame covers all of it.
    private static let fullPart = 0.98

    /// - Parameters:
    ///   - mask: 0 background, 255 object.
    ///   - size: the sizes of the frame's analysis. Black bars are left out.
    init(_ mask: GrayImage, size: MapSize) {
        let content = size.content
        let plane = mask.pixels.withUnsafeBufferPointer { pixels -> Plane in
            guard let base = pixels.baseAddress else {
                return Plane(width: size.flowWidth, height: size.flowHeight)
            }
            return AreaMean.reduce(
                base + content.top * mask.width + content.left,
                width: content.width,
                height: content.height,
                bytesPerRow: mask.width,
                toWidth: size.flowWidth,
                height: size.flowHeight
            )
        }
        self.init(
            width: plane.width,
            height: plane.height,
            isInside: plane.values.map { $0 >= 127.5 }
        )
    }

    init(width: Int, height: Int, isInside: [Bool]) {
        (self.width, self.height, self.isInside) = (width, height, isInside)
        count = isInside.count { $0 }
    }

    /// The part of the frame, 0…1.
    var area: Double { Double(count) / Double(max(isInside.count, 1)) }

    var extent: MaskCoverage { count == 0 ? .empty : area >= Self.fullPart ? .full : .some }

    /// Intersection over union with another mask of the same size; 0 where both are empty.
    func iou(_ other: [Bool]) -> Double {
        var (both, either) = (0, 0)
        for place in isInside.indices {
            if isInside[place] && other[place] { both += 1 }
            if isInside[place] || other[place] { either += 1 }
        }
        return either == 0 ? 0 : Double(both) / Double(either)
    }

    /// How far each place outside is from the object, in places, and 0 inside: chamfer distances.
    /// (Borgefors, "Distance transformations in digital images", 1986.)
    func distances() -> [Float] {
        let (straight, diagonal) = (Float(0.955), Float(1.3693))
        var result = isInside.map { $0 ? Float(0) : .infinity }
        func relax(_ place: Int, _ column: Int, _ row: Int, _ step: Int) {
            var least = result[place]
            if column > 0, step < 0 { least = min(least, result[place - 1] + straight) }
            if column + 1 < width, step > 0 { least = min(least, result[place + 1] + straight) }
            if (0..<height).contains(row + step) {
                let next = place + step * width
                least = min(least, result[next] + straight)
                if column > 0 { least = min(least, result[next - 1] + diagonal) }
                if column + 1 < width { least = min(least, result[next + 1] + diagonal) }
            }
            result[place] = least
        }
        for row in 0..<height {
            for column in 0..<width { relax(row * width + column, column, row, -1) }
        }
        for row in (0..<height).reversed() {
            for column in (0..<width).reversed() { relax(row * width + column, column, row, 1) }
        }
        return result
    }
}
