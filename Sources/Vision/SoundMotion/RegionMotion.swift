/// A box around something, in pixels: the last column and row are outside.
package struct MotionBox: Sendable, Equatable {
    package let left, top, right, bottom: Double

    package init(left: Double, top: Double, right: Double, bottom: Double) {
        (self.left, self.top, self.right, self.bottom) = (left, top, right, bottom)
    }
}

/// Where a candidate is on a frame.
package enum MotionRegion: Sendable, Equatable {
    case box(MotionBox)
    /// Not 0 inside: as many values as a frame has pixels, row by row.
    case mask([UInt8])
}

/// How much moves inside regions, frame by frame: the mean difference of luma from the frame before,
/// less that of the surroundings, so that a camera that moves does not count.
package struct RegionMotion: Sendable {
    private let width: Int
    private let height: Int
    private var last: [UInt8] = []
    /// A value for each region and frame; nil where the region is not there.
    private var changes: [[Change?]]
    /// What the camera moves, a value for each frame: the median difference of luma outside of all
    /// regions, on which what an object moves beyond its region has little influence.
    package private(set) var camera: [Double] = []

    /// Mean differences of luma.
    private struct Change {
        let inside: Double
        let around: Double

        static let none = Change(inside: 0, around: 0)
    }

    /// The surroundings reach so far beyond the region's box, as a part of its longer side.
    private static let margin = 0.5
    /// The same shift changes some textures more than others: what the surroundings change is taken
    /// up to so many times. Not more, because an object often moves beyond its box.
    private static let mostFactor = 2.0

    /// - Parameters:
    ///   - width: columns of the frames.
    ///   - height: rows of the frames.
    ///   - regions: how many regions are measured.
    package init(width: Int, height: Int, regions: Int) {
        (self.width, self.height) = (width, height)
        changes = Array(repeating: [], count: regions)
    }

    /// The motion of each region, a value for each frame; nil where the region is not there.
    package var values: [[Double?]] {
        changes.map { changes in
            let factor = Self.factor(changes.compactMap(\.self))
            return changes.map { change in change.map { $0.inside - factor * $0.around } }
        }
    }

    /// How many times the surroundings' change explains most of what is inside (least squares).
    private static func factor(_ changes: [Change]) -> Double {
        let count = Double(max(changes.count, 1))
        let inside = changes.reduce(0) { $0 + $1.inside } / count
        let around = changes.reduce(0) { $0 + $1.around } / count
        let (product, square) = changes.reduce((0.0, 0.0)) { sums, change in
            let deviation = change.around - around
            return (
                sums.0 + deviation * (change.inside - inside), sums.1 + deviation * deviation
            )
        }
        return square > 0 ? min(max(product / square, 0), mostFactor) : 0
    }

    /// Takes the next frame.
    ///
    /// - Parameters:
    ///   - luma: width × height samples.
    ///   - regions: where each candidate is on it; nil where it is not there.
    package mutating func add(_ luma: UnsafeBufferPointer<UInt8>, _ regions: [MotionRegion?]) {
        defer { last = Array(luma) }
        guard !last.isEmpty else {
            camera.append(0)
            for index in changes.indices {
                changes[index].append(regions[index].map { _ in .none })
            }
            return
        }
        let places = regions.map { $0.map(place) }
        var owned = [Bool](repeating: false, count: width * height)
        for place in places.compactMap(\.self) {
            place.forEach { owned[$0] = true }
        }
        camera.append(median(luma, outside: owned))
        for (index, place) in places.enumerated() {
            changes[index].append(place.map { change(in: $0, luma, owned) })
        }
    }

    private func change(
        in place: Place,
        _ luma: UnsafeBufferPointer<UInt8>,
        _ owned: [Bool]
    ) -> Change {
        var (inside, around) = (Mean(), Mean())
        place.forEach { inside.add(abs(Int(luma[$0]) - Int(last[$0]))) }
        // What other candidates do is not the camera.
        place.surroundings(Self.margin, width: width, height: height).forEach { pixel in
            if !owned[pixel] { around.add(abs(Int(luma[pixel]) - Int(last[pixel]))) }
        }
        return Change(inside: inside.value, around: around.value)
    }

    /// The median difference of the pixels that nobody owns, to a fraction of a level; 0 if there are
    /// none.
    private func median(_ luma: UnsafeBufferPointer<UInt8>, outside owned: [Bool]) -> Double {
        var counts = [Int](repeating: 0, count: 256)
        for pixel in 0..<width * height where !owned[pixel] {
            counts[abs(Int(luma[pixel]) - Int(last[pixel]))] += 1
        }
        var rest = Double(counts.reduce(0, +)) / 2
        for (level, count) in counts.enumerated() {
            if Double(count) > rest { return Double(level) + rest / Double(count) }
            rest -= Double(count)
        }
        return 0
    }

    // MARK: - Pixels of a region

    private struct Mean {
        private var sum = 0
        private var count = 0

        mutating func add(_ value: Int) { (sum, count) = (sum + value, count + 1) }

        var value: Double { count > 0 ? Double(sum) / Double(count) : 0 }
    }

    /// The pixels of a region.
    private struct Place {
        let columns: Range<Int>
        let rows: Range<Int>
        let width: Int
        let mask: [UInt8]?

        /// The place with so much more on each side, as a part of its longer side.
        func surroundings(_ margin: Double, width: Int, height: Int) -> Place {
            let reach = Int((Double(max(columns.count, rows.count)) * margin).rounded(.up))
            let wider = { (range: Range<Int>, count: Int) in
                max(0, range.lowerBound - reach)..<min(count, range.upperBound + reach)
            }
            return Place(
                columns: wider(columns, width),
                rows: wider(rows, height),
                width: width,
                mask: nil
            )
        }

        func forEach(_ body: (Int) -> Void) {
            for row in rows {
                for pixel in row * width + columns.lowerBound..<row * width + columns.upperBound
                where mask.map({ $0[pixel] != 0 }) ?? true {
                    body(pixel)
                }
            }
        }
    }

    private func place(_ region: MotionRegion) -> Place {
        switch region {
        case .box(let box):
            let (columns, rows) = (
                Self.range(box.left, box.right, width), Self.range(box.top, box.bottom, height)
            )
            return Place(columns: columns, rows: rows, width: width, mask: nil)
        case .mask(let mask):
            var (left, top, right, bottom) = (width, height, 0, 0)
            for row in 0..<height {
                for column in 0..<width where mask[row * width + column] != 0 {
                    (left, right) = (min(left, column), max(right, column + 1))
                    (top, bottom) = (min(top, row), max(bottom, row + 1))
                }
            }
            let isEmpty = left >= right
            return Place(
                columns: isEmpty ? 0..<0 : left..<right,
                rows: isEmpty ? 0..<0 : top..<bottom,
                width: width,
                mask: mask
            )
        }
    }

    /// At least one pixel, all of them inside.
    private static func range(_ start: Double, _ end: Double, _ count: Int) -> Range<Int> {
        let first = Int(min(max(start.rounded(), 0), Double(count - 1)))
        let limit = Int(min(max(end.rounded(), 0), Double(count)))
        return first..<max(limit, first + 1)
    }
}
