/// The motion map of each frame of a window: what single frames say, and what several frames apart
/// show that is too slow to be seen from one to the next.
struct WindowEvidence: Sendable {
    private let frames: [SceneFrame]
    private let size: MapSize
    private let tuning: SaliencyTuning
    /// Frames between those that are compared.
    private let gap: Int
    /// How far appearance decides, because nothing moves.
    let still: Float
    /// 0…1, how clearly what moves is set off from the noise of the flow: parallax, which is all
    /// over the content, is not.
    let clearness: Float

    init(_ frames: [SceneFrame], size: MapSize, tuning: SaliencyTuning) {
        (self.frames, self.size, self.tuning) = (frames, size, tuning)
        let strongest = Quantile.median(of: frames.map(\.motion.strongest))
        gap = Self.gap(for: strongest, tuning.motion)
        let clear = Quantile.median(of: frames.map(\.motion.clearness))
        clearness = min(max((clear - 1) / tuning.confidence.clearRange, 0), 1)
        let reliability = frames.reduce(0) { $0 + $1.motion.reliability } / Float(frames.count)
        still = 1 - min(max(reliability * tuning.motion.stillness, 0), 1)
    }

    /// The gap over which the strongest motion comes to about the wanted length.
    private static func gap(for strongest: Float, _ tuning: SaliencyTuning.Motion) -> Int {
        let wanted = tuning.gapMotion / max(strongest, 0.05)
        let limited = min(max(wanted, 1), Float(tuning.gaps.max() ?? 1))
        // The nearest by ratio.
        func ratio(_ gap: Int) -> Float { max(Float(gap) / limited, limited / Float(gap)) }
        return tuning.gaps.min { ratio($0) < ratio($1) } ?? 1
    }

    /// Fills a frame's map, 0…1.
    func fill(_ map: UnsafeMutablePointer<Float>, frame time: Int) {
        let frame = frames[time]
        let tuning = self.tuning.motion
        let errors = gap == 1 ? frame.motion.cameraErrors : errors(over: gap, frame: time)
        let isCovered = frame.covered
        let noise = Quantile.median(
            of: errors.indices.filter { errors[$0] >= 0 && (isCovered.isEmpty || !isCovered[$0]) }
                .map { errors[$0] }
        )
        let half = tuning.changeNoise * noise + tuning.changeLeast
        let square = half * half
        let trust = frame.motion.reliability
        let count = size.count
        let texture = Self.texture(frame.luma, size)
        Fours.forEach(count) { index in
            let error = Fours.load(errors, index, count)
            let change = (error * error / (error * error + square))
                .replacing(with: 0.5, where: error .< 0)
            let slope =
                (Fours.load(texture, index, count) - tuning.leastTexture)
                * (1 / tuning.textureRange)
            let says = slope.clamped(lowerBound: .zero, upperBound: .one)
            let told = (change - 0.5).replacing(
                with: (change - 0.5) * says,
                where: change .< 0.5
            )
            let z =
                Fours.load(frame.motion.logOdds, index, count)
                + told * (2 * tuning.changeWeight)
            Fours.store((Approximations.logistic(z) - 0.5) * trust + 0.5, map, index, count)
        }
        // What is under an overlay is not seen.
        for index in frame.covered.indices where frame.covered[index] { map[index] = 0.5 }
        guard still > 0 else { return }
        let looks = Appearance(frame.colours, size: size, tuning: self.tuning.appearance)
            .saliency.values
        for index in 0..<count { map[index] += still * (looks[index] - map[index]) }
    }

    /// How strong the edges of the luma are around each place, in steps for each fine sample.
    private static func texture(_ luma: [UInt8], _ size: MapSize) -> [Float] {
        let width = size.flowWidth
        var edges = Plane(width: size.width, height: size.height)
        for row in 0..<size.height {
            for column in 0..<size.width {
                let (x, y) = (2 * column, 2 * row)
                let place = y * width + x
                let across = abs(Int(luma[place]) - Int(luma[place + 1]))
                let across2 = abs(Int(luma[place + width]) - Int(luma[place + width + 1]))
                let down = abs(Int(luma[place]) - Int(luma[place + width]))
                let down2 = abs(Int(luma[place + 1]) - Int(luma[place + width + 1]))
                edges.values[row * size.width + column] =
                    Float(across + across2 + down + down2) * 0.5
            }
        }
        return edges.boxMean(radius: 1).values
    }

    /// The smaller error of the camera's motion over a gap, forwards and backwards.
    private func errors(over gap: Int, frame time: Int) -> [Float] {
        let after = (0..<min(gap, frames.count - 1 - time)).map { time + $0 }
        let before = (0..<min(gap, time)).map { time - $0 }
        return MotionEvidence.smaller(
            errors(time, along: after, to: 1),
            errors(time, along: before, to: -1)
        )
    }

    private func errors(_ time: Int, along times: [Int], to direction: Int) -> [Float] {
        let motions = times.compactMap {
            direction > 0 ? frames[$0].cameraForward : frames[$0].cameraBackward
        }
        let others = motions.indices.map { frames[times[$0] + direction].luma }
        return frames[time].luma.withUnsafeBufferPointer { own in
            withPointers(others[...]) { pointers in
                guard let own = own.baseAddress else { return [] }
                return CameraSteps(size: size, frames: pointers, motions: motions).errors(of: own)
            }
        }
    }

    /// Lends the memory of several arrays.
    private func withPointers<Result>(
        _ arrays: ArraySlice<[UInt8]>,
        _ pointers: [UnsafePointer<UInt8>] = [],
        _ body: ([UnsafePointer<UInt8>]) -> Result
    ) -> Result {
        guard let first = arrays.first else { return body(pointers) }
        return first.withUnsafeBufferPointer { buffer in
            withPointers(
                arrays.dropFirst(),
                pointers + (buffer.baseAddress.map { [$0] } ?? []),
                body
            )
        }
    }
}
