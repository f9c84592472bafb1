/// Measures frames in order, each once. Memory does not grow with their number.
package struct FrameMeter: Sendable {
    package let width: Int
    package let height: Int
    private let tables = HSVTables()
    /// Frames in half a second.
    private let halfSecond: Int

    private var planes: ColourPlanes
    private var lastPlanes: ColourPlanes
    private var histogram: [Int32] = []
    private var count = 0
    /// The luma planes of the last half second, by frame number modulo `halfSecond`.
    private var lumas: [[UInt8]] = []
    /// The reduced frames of the longest span, by frame number modulo its length.
    private var reduced: [ReducedFrame] = []
    private var colours: [ColourHistogram] = []
    /// The last frame that differed from the one before it as the start of a flash does.
    private var lastJump = -1000

    /// A flash differs from the frame before by at least this much (`FrameMeasures.content`).
    private static let flashContent = 8.0
    /// Longest half second, in frames: for 240 frames a second.
    private static let mostFrames = 120

    /// - Parameters:
    ///   - width: columns of all frames, at least 8; the usual frame is 256 × 144.
    ///   - height: rows, at least 8.
    ///   - frameRate: frames per second.
    package init(width: Int, height: Int, frameRate: Double) {
        precondition(width >= 8 && height >= 8, "frames are too small to be measured")
        (self.width, self.height) = (width, height)
        let frames = (frameRate / 2).rounded()
        halfSecond = frames >= 1 ? Int(min(frames, Double(Self.mostFrames))) : 1
        planes = ColourPlanes(count: width * height)
        lastPlanes = planes
    }

    /// Measures the next frame: [height × width × 3] red, green, blue.
    package mutating func measure(_ pixels: UnsafeBufferPointer<UInt8>) -> FrameMeasures {
        precondition(pixels.count == width * height * 3, "a frame has another size")
        guard let start = pixels.baseAddress else { return FrameMeasures() }
        var measures = FrameMeasures()
        swap(&planes, &lastPlanes)
        planes.fill(start, tables)
        measureLuma(&measures)
        if count > 0 { planes.compare(with: lastPlanes, &measures) }
        let frame = ReducedFrame(start, frameWidth: width, frameHeight: height)
        measureLikeness(frame, &measures)
        measureSpans(frame, &measures)
        count += 1
        return measures
    }

    /// Measures the next frame: [height × width × 3] red, green, blue.
    package mutating func measure(_ pixels: [UInt8]) -> FrameMeasures {
        pixels.withUnsafeBufferPointer { measure($0) }
    }

    /// The histogram of luma and what follows from it, stillness and black.
    private mutating func measureLuma(_ measures: inout FrameMeasures) {
        let luma = planes.luma
        let histogram = luma.withUnsafeBufferPointer { luma in
            luma.baseAddress.map { LumaPlane.histogram($0, count: luma.count) } ?? []
        }
        if count > 0 {
            measures.correlation256 = LumaPlane.correlation(self.histogram, histogram)
            measures.correlation = LumaPlane.correlation(
                LumaPlane.halved(self.histogram),
                LumaPlane.halved(histogram)
            )
        }
        self.histogram = histogram
        let total = Double(luma.count)
        var (sum, square) = (0.0, 0.0)
        for (value, count) in histogram.enumerated() {
            sum += Double(value) * Double(count)
            square += Double(value * value) * Double(count)
        }
        measures.luma = Float(sum / total)
        measures.contrast = Float(max(0, square / total - sum * sum / total / total).squareRoot())
        (measures.blackShare, measures.bars) = BlackBorder.measure(luma, width, height)
        if lumas.count < halfSecond {
            lumas.append(luma)
        } else {
            measures.stillness = ColourPlanes.meanSquare(luma, lumas[count % halfSecond])
            lumas[count % halfSecond] = luma
        }
    }

    /// What is left of the difference when the camera's motion is compensated, and whether a flash
    /// has ended.
    private mutating func measureLikeness(_ frame: ReducedFrame, _ measures: inout FrameMeasures) {
        guard count > 0 else { return }
        let shift = GlobalShift(from: earlier(1), to: frame)
        measures.alikeness = shift.correlation
        measures.shiftX = Float(shift.x) / Float(frame.width)
        measures.shiftY = Float(shift.y) / Float(frame.height)
        measures.shiftedDifference = frame.difference(from: earlier(1), at: shift)
        if count - lastJump <= FrameMeasures.longestFlash {
            for distance in 2...FrameMeasures.longestFlash + 1 where distance <= count {
                measures.returns[distance - 2] =
                    GlobalShift(from: earlier(distance), to: frame).correlation
            }
        }
        if measures.content >= Self.flashContent { lastJump = count }
    }

    /// A reduced frame `distance` before the current one.
    private func earlier(_ distance: Int) -> ReducedFrame {
        reduced[(count - distance) % Self.longestSpan]
    }

    private static let longestSpan = FrameMeasures.spans[FrameMeasures.spans.count - 1]

    private mutating func measureSpans(_ frame: ReducedFrame, _ measures: inout FrameMeasures) {
        let histogram = ColourHistogram(frame, tables)
        for (index, span) in FrameMeasures.spans.enumerated() where count >= span {
            let place = (count - span) % Self.longestSpan
            measures.spanDistances[index] = histogram.distance(to: colours[place])
            let mixture = Mixture(
                before: reduced[place].deviations,
                middle: earlier(span / 2).deviations,
                after: frame.deviations
            )
            measures.mixtures[index] = mixture.strength
            measures.ends[index] = mixture.ends
        }
        if reduced.count < Self.longestSpan {
            reduced.append(frame)
            colours.append(histogram)
        } else {
            reduced[count % Self.longestSpan] = frame
            colours[count % Self.longestSpan] = histogram
        }
    }
}
