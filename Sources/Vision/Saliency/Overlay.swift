/// Text and logos that are laid over a moving image: edges that stay where they are. After T.
/// Dekel et al., "On the Effectiveness of Visible Watermarks", CVPR 2017.
struct Overlay: Sendable {
    /// Whether each sample, at twice the map's size, is covered.
    let isCovered: [Bool]
    private let width: Int
    private let height: Int

    /// Its edges: places and gradients.
    private let edges: [Edge]
    private let tuning: SaliencyTuning.Stream

    private struct Edge: Sendable {
        let place: Int
        let x: Float
        let y: Float
    }

    /// Finds what is laid over a stretch of a scene: for all of it, such as a logo, or for a second or
    /// more, such as a subtitle.
    ///
    /// - Parameters:
    ///   - frames: the stretch.
    ///   - size: the sizes of the analysis.
    ///   - tuning: the numbers of the measure.
    /// - Returns: what is laid over each frame; nil where nothing is.
    static func find(
        in frames: [ShrunkFrame],
        size: MapSize,
        tuning: SaliencyTuning.Stream
    ) -> [Overlay?] {
        let lasting = Overlay(frames, size: size, tuning: tuning)
        var overlays = [Overlay?](repeating: lasting, count: frames.count)
        let span = tuning.overlaySpan
        guard frames.count > span else { return overlays }
        var short = tuning
        short.overlayChange = tuning.overlayShortChange
        let starts = Array(stride(from: 0, through: frames.count - span, by: span / 2))
        for start in starts {
            let times = start..<start + span
            guard let found = Overlay(Array(frames[times]), size: size, tuning: short) else {
                continue
            }
            // It may be there somewhat earlier and later.
            var (first, last) = (start, start + span - 1)
            while first > max(start - span, 0), found.isSeen(in: frames[first - 1].luma) {
                first -= 1
            }
            while last + 1 < min(start + 2 * span, frames.count),
                found.isSeen(in: frames[last + 1].luma)
            {
                last += 1
            }
            for time in first...last { overlays[time] = found.joined(with: overlays[time]) }
        }
        return overlays
    }

    /// nil if nothing is laid over all frames.
    private init?(_ frames: [ShrunkFrame], size: MapSize, tuning: SaliencyTuning.Stream) {
        let (width, height) = (size.flowWidth, size.flowHeight)
        (self.width, self.height, self.tuning) = (width, height, tuning)
        let step = max(1, frames.count / 40)
        let lumas = stride(from: 0, to: frames.count, by: step).map { frames[$0].luma }
        guard frames.count >= tuning.overlayFrames,
            Self.movement(lumas) >= tuning.overlayMovement
        else { return nil }
        var isEdge = [Bool](repeating: false, count: width * height)
        var edges: [Edge] = []
        for y in 1..<max(height - 1, 1) {
            for x in 1..<max(width - 1, 1) {
                guard let edge = Self.edge(lumas, x, y, width, tuning) else { continue }
                isEdge[edge.place] = true
                edges.append(edge)
            }
        }
        guard !edges.isEmpty else { return nil }
        let wide = Self.spread(isEdge, width, height, 1)
        let regions = Regions(wide, width: width, height: height)
        // What is large both ways is no line of text or logo, but an object that the camera follows;
        // and edges that all have one direction may move along themselves.
        var tensors = [SIMD4<Float>](repeating: .zero, count: regions.areas.count)
        for edge in edges {
            let label = Int(regions.labels[edge.place])
            tensors[label] += SIMD4(edge.x * edge.x, edge.x * edge.y, edge.y * edge.y, 1)
        }
        let boxes = regions.boxes(width: width)
        let isLaidOver = boxes.indices.map { label in
            tensors[label].w >= tuning.overlayEdges
                && Self.isSmall(boxes[label], width, height, tuning)
                && Self.isotropy(tensors[label]) > tuning.overlayIsotropy
        }
        let strokes = regions.labels.map { $0 > 0 && isLaidOver[Int($0)] }
        let parts = Self.grown(strokes, lumas, width, height, tuning)
        // Closing: what is between strokes is covered too.
        let grown = Self.spread(parts, width, height, tuning.overlayClosing)
        let outside = Self.spread(grown.map { !$0 }, width, height, tuning.overlayClosing)
        let closed = outside.indices.map { !outside[$0] || parts[$0] }
        let lines = Self.withoutLarge(closed, width, height, tuning)
        isCovered = Self.lengthened(lines, width, height, tuning)
        self.edges = edges.filter { strokes[$0.place] }
        let covered = isCovered.count { $0 }
        guard covered > 0, Float(covered) < tuning.overlayShare * Float(isCovered.count) else {
            return nil
        }
    }

    /// Of gradients' sums of xx, xy and yy: 1 where they have all directions alike, 0 where one.
    private static func isotropy(_ tensor: SIMD4<Float>) -> Float {
        let trace = tensor.x + tensor.z
        let determinant = tensor.x * tensor.z - tensor.y * tensor.y
        return trace > 0 ? 4 * determinant / (trace * trace) : 0
    }

    private init(isCovered: [Bool], like other: Overlay) {
        self.isCovered = isCovered
        (width, height, edges, tuning) = (other.width, other.height, other.edges, other.tuning)
    }

    /// What either covers.
    private func joined(with other: Overlay?) -> Overlay {
        guard let other else { return self }
        let both = isCovered.indices.map { isCovered[$0] || other.isCovered[$0] }
        return Overlay(isCovered: both, like: self)
    }

    /// Whether most of its edges are in a frame.
    private func isSeen(in luma: [UInt8]) -> Bool {
        let same = edges.count { edge in
            let g = Self.gradient(luma, edge.place, width)
            let (x, y) = (g.x - edge.x, g.y - edge.y)
            let most = tuning.overlayChange * tuning.overlayChange
            return x * x + y * y < most * (edge.x * edge.x + edge.y * edge.y)
        }
        return 2 * same > edges.count
    }

    /// Lines, longer by some of their height at both ends: the last digits of a timecode change too
    /// often to be found.
    private static func lengthened(
        _ mask: [Bool],
        _ width: Int,
        _ height: Int,
        _ tuning: SaliencyTuning.Stream
    ) -> [Bool] {
        var result = mask
        let regions = Regions(mask, width: width, height: height)
        for box in regions.boxes(width: width).dropFirst() {
            let (wide, high) = (box.columns.count, box.rows.count)
            guard wide > 2 * high else { continue }
            let reach = Int(Float(high) * tuning.overlayReach)
            for y in box.rows {
                for x in max(box.columns.lowerBound - reach, 0)..<box.columns.lowerBound {
                    result[y * width + x] = true
                }
                for x in box.columns.upperBound..<min(box.columns.upperBound + reach, width) {
                    result[y * width + x] = true
                }
            }
        }
        return result
    }

    /// Whether a part is small at least one way, as a line of text or a logo is.
    private static func isSmall(
        _ box: (columns: ClosedRange<Int>, rows: ClosedRange<Int>),
        _ width: Int,
        _ height: Int,
        _ tuning: SaliencyTuning.Stream
    ) -> Bool {
        Float(box.columns.count) <= tuning.overlaySide * Float(width)
            || Float(box.rows.count) <= tuning.overlaySide * Float(height)
    }

    /// Without what is large both ways: no line of text or logo is.
    private static func withoutLarge(
        _ mask: [Bool],
        _ width: Int,
        _ height: Int,
        _ tuning: SaliencyTuning.Stream
    ) -> [Bool] {
        let regions = Regions(mask, width: width, height: height)
        let isSmall = regions.boxes(width: width).map { Self.isSmall($0, width, height, tuning) }
        return regions.labels.map { $0 > 0 && isSmall[Int($0)] }
    }

    /// Whether each place of the map is covered, if only in part.
    func places(_ size: MapSize) -> [Bool] {
        (0..<size.count).map { place in
            let first = place / size.width * 2 * width + place % size.width * 2
            return isCovered[first] || isCovered[first + 1] || isCovered[first + width]
                || isCovered[first + width + 1]
        }
    }

    /// Strokes with the even ground that they stand on: what touches them and hardly changes.
    private static func grown(
        _ strokes: [Bool],
        _ lumas: [[UInt8]],
        _ width: Int,
        _ height: Int,
        _ tuning: SaliencyTuning.Stream
    ) -> [Bool] {
        let count = Float(lumas.count)
        let least = tuning.overlayGround * tuning.overlayGround
        let isEven = strokes.indices.map { place -> Bool in
            if strokes[place] { return true }
            var (sum, squares): (Float, Float) = (0, 0)
            for luma in lumas {
                let value = Float(luma[place])
                sum += value
                squares += value * value
            }
            return squares / count - sum / count * (sum / count) < least
        }
        let regions = Regions(isEven, width: width, height: height)
        let boxes = regions.boxes(width: width)
        let isGround = boxes.map { isSmall($0, width, height, tuning) }
        var isTouched = [Bool](repeating: false, count: boxes.count)
        for place in strokes.indices where strokes[place] {
            isTouched[Int(regions.labels[place])] = true
        }
        return strokes.indices.map { place in
            let label = Int(regions.labels[place])
            return strokes[place] || label > 0 && isTouched[label] && isGround[label]
        }
    }

    /// The median over places of the standard deviation over time.
    private static func movement(_ lumas: [[UInt8]]) -> Float {
        let count = Float(lumas.count)
        let places = stride(from: 0, to: lumas.first?.count ?? 0, by: 7)
        return Quantile.median(
            of: places.map { place in
                var (sum, squares): (Float, Float) = (0, 0)
                for luma in lumas {
                    let value = Float(luma[place])
                    sum += value
                    squares += value * value
                }
                return max(squares / count - sum / count * (sum / count), 0).squareRoot()
            }
        )
    }

    private static func gradient(_ luma: [UInt8], _ place: Int, _ width: Int) -> (
        x: Float, y: Float
    ) {
        let along = Int(luma[place + 1]) - Int(luma[place - 1])
        let down = Int(luma[place + width]) - Int(luma[place - width])
        return (Float(along) / 2, Float(down) / 2)
    }

    /// The edge at a place that hardly changes over time; nil if there is none.
    private static func edge(
        _ lumas: [[UInt8]],
        _ x: Int,
        _ y: Int,
        _ width: Int,
        _ tuning: SaliencyTuning.Stream
    ) -> Edge? {
        let place = y * width + x
        // Most places have no edge in the first, the middle and the last frame.
        let least = tuning.overlayEdge / 2
        for time in [0, lumas.count / 2, lumas.count - 1] {
            let g = gradient(lumas[time], place, width)
            if abs(g.x) + abs(g.y) < least { return nil }
        }
        let all = lumas.map { gradient($0, place, width) }
        let (x, y) = (Quantile.median(of: all.map(\.x)), Quantile.median(of: all.map(\.y)))
        let length = (x * x + y * y).squareRoot()
        guard length > tuning.overlayEdge else { return nil }
        let changes = all.map { g in
            ((g.x - x) * (g.x - x) + (g.y - y) * (g.y - y)).squareRoot()
        }
        guard Quantile.median(of: changes) < tuning.overlayChange * length else { return nil }
        return Edge(place: place, x: x, y: y)
    }

    /// Whether anything is true in the square about each sample.
    private static func spread(_ mask: [Bool], _ width: Int, _ height: Int, _ radius: Int) -> [Bool]
    {
        var rows = mask
        for y in 0..<height {
            for x in 0..<width where !mask[y * width + x] {
                for near in max(x - radius, 0)...min(x + radius, width - 1)
                where mask[y * width + near] {
                    rows[y * width + x] = true
                    break
                }
            }
        }
        var result = rows
        for y in 0..<height {
            for x in 0..<width where !rows[y * width + x] {
                for near in max(y - radius, 0)...min(y + radius, height - 1)
                where rows[near * width + x] {
                    result[y * width + x] = true
                    break
                }
            }
        }
        return result
    }

    /// Fills what is covered from what is around it.
    func fill(_ frame: inout ShrunkFrame) {
        for plane in [\ShrunkFrame.luma, \ShrunkFrame.blue, \ShrunkFrame.red] {
            let values = frame[keyPath: plane].map { Float($0) }
            let filled = Self.filled(values, isCovered.map { !$0 }, width, height)
            for place in isCovered.indices where isCovered[place] {
                frame[keyPath: plane][place] = UInt8(min(max(filled[place] + 0.5, 0), 255))
            }
        }
    }

    /// Push and pull: means of what is known at half the size, filled in turn, give the rest.
    private static func filled(
        _ values: [Float],
        _ isKnown: [Bool],
        _ width: Int,
        _ height: Int
    ) -> [Float] {
        guard min(width, height) > 2, isKnown.contains(false) else { return values }
        let (halfWidth, halfHeight) = ((width + 1) / 2, (height + 1) / 2)
        var sums = [Float](repeating: 0, count: halfWidth * halfHeight)
        var counts = sums
        for y in 0..<height {
            for x in 0..<width where isKnown[y * width + x] {
                sums[y / 2 * halfWidth + x / 2] += values[y * width + x]
                counts[y / 2 * halfWidth + x / 2] += 1
            }
        }
        for place in sums.indices where counts[place] > 0 { sums[place] /= counts[place] }
        let coarse = filled(sums, counts.map { $0 > 0 }, halfWidth, halfHeight)
        var result = values
        for y in 0..<height {
            let near = y / 2
            let far = min(max(near + (y % 2 == 0 ? -1 : 1), 0), halfHeight - 1)
            for x in 0..<width where !isKnown[y * width + x] {
                let here = x / 2
                let aside = min(max(here + (x % 2 == 0 ? -1 : 1), 0), halfWidth - 1)
                let row =
                    coarse[near * halfWidth + here] * 0.75
                    + coarse[near * halfWidth + aside] * 0.25
                let other =
                    coarse[far * halfWidth + here] * 0.75
                    + coarse[far * halfWidth + aside] * 0.25
                result[y * width + x] = row * 0.75 + other * 0.25
            }
        }
        return result
    }
}
