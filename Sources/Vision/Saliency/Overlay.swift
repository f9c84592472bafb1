/// Text and logos that are laid over a moving image: edges that stay where they are. After T.
/// Dekel et al., "On the Effectiveness of Visible Watermarks", CVPR 2017.
struct Overlay: Sendable {
    /// Whether each sample, at twice the map's size, is covered.
    let isCovered: [Bool]
    private let width: Int
    private let height: Int

    /// nil if nothing is laid over.
    ///
    /// - Parameters:
    ///   - frames: a stretch of a scene.
    ///   - size: the sizes of the analysis.
    ///   - tuning: the numbers of the measure.
    init?(_ frames: [ShrunkFrame], size: MapSize, tuning: SaliencyTuning.Stream) {
        let (width, height) = (size.flowWidth, size.flowHeight)
        (self.width, self.height) = (width, height)
        let step = max(1, frames.count / 40)
        let lumas = stride(from: 0, to: frames.count, by: step).map { frames[$0].luma }
        guard frames.count >= tuning.overlayFrames,
            Self.movement(lumas) >= tuning.overlayMovement
        else { return nil }
        var isEdge = [Bool](repeating: false, count: width * height)
        var found = false
        for y in 1..<max(height - 1, 1) {
            for x in 1..<max(width - 1, 1) where Self.stays(lumas, x, y, width, tuning) {
                isEdge[y * width + x] = true
                found = true
            }
        }
        guard found else { return nil }
        let wide = Self.spread(isEdge, width, height, 1)
        let regions = Regions(wide, width: width, height: height)
        var edges = [Int](repeating: 0, count: regions.areas.count)
        for place in isEdge.indices where isEdge[place] { edges[Int(regions.labels[place])] += 1 }
        // What is large both ways is no line of text or logo, but an object that the camera follows.
        let boxes = regions.boxes(width: width)
        let isLaidOver = boxes.indices.map { label in
            let (wide, high) = (boxes[label].columns.count, boxes[label].rows.count)
            let isLarge =
                Float(wide) > tuning.overlaySide * Float(width)
                && Float(high) > tuning.overlaySide * Float(height)
            return edges[label] >= 4 && !isLarge
        }
        let strokes = regions.labels.map { $0 > 0 && isLaidOver[Int($0)] }
        let parts = Self.grown(strokes, lumas, width, height, tuning)
        // Closing: what is between strokes is covered too.
        let grown = Self.spread(parts, width, height, tuning.overlayClosing)
        let outside = Self.spread(grown.map { !$0 }, width, height, tuning.overlayClosing)
        let closed = outside.indices.map { !outside[$0] || parts[$0] }
        isCovered = Self.withoutLarge(closed, width, height, tuning)
        let covered = isCovered.count { $0 }
        guard covered > 0, Float(covered) < tuning.overlayShare * Float(isCovered.count) else {
            return nil
        }
    }

    /// Without what is large both ways: no line of text or logo is.
    private static func withoutLarge(
        _ mask: [Bool],
        _ width: Int,
        _ height: Int,
        _ tuning: SaliencyTuning.Stream
    ) -> [Bool] {
        let regions = Regions(mask, width: width, height: height)
        let isSmall = regions.boxes(width: width).map { box in
            Float(box.columns.count) <= tuning.overlaySide * Float(width)
                || Float(box.rows.count) <= tuning.overlaySide * Float(height)
        }
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
        let isGround = boxes.map { box in
            Float(box.columns.count) <= tuning.overlaySide * Float(width)
                || Float(box.rows.count) <= tuning.overlaySide * Float(height)
        }
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

    private static func stays(
        _ lumas: [[UInt8]],
        _ x: Int,
        _ y: Int,
        _ width: Int,
        _ tuning: SaliencyTuning.Stream
    ) -> Bool {
        let place = y * width + x
        func gradient(_ luma: [UInt8]) -> (x: Float, y: Float) {
            let along = Int(luma[place + 1]) - Int(luma[place - 1])
            let down = Int(luma[place + width]) - Int(luma[place - width])
            return (Float(along) / 2, Float(down) / 2)
        }
        // Most places have no edge in the first, the middle and the last frame.
        let least = tuning.overlayEdge / 2
        for time in [0, lumas.count / 2, lumas.count - 1] {
            let g = gradient(lumas[time])
            if abs(g.x) + abs(g.y) < least { return false }
        }
        let all = lumas.map(gradient)
        let (x, y) = (Quantile.median(of: all.map(\.x)), Quantile.median(of: all.map(\.y)))
        let length = (x * x + y * y).squareRoot()
        guard length > tuning.overlayEdge else { return false }
        let changes = all.map { g in
            ((g.x - x) * (g.x - x) + (g.y - y) * (g.y - y)).squareRoot()
        }
        return Quantile.median(of: changes) < tuning.overlayChange * length
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
