/// Says of each frame whether it begins a scene and whether it adds anything, from what comes
/// before and a few frames after it.
package struct FrameStream: Sendable {
    package enum Step: Sendable {
        /// A frame to analyse.
        case frame(ShrunkFrame, beginsScene: Bool)
        /// A frame that shows what the last one showed, or a flash: its map is that of the last.
        case repeated(index: Int, time: Double?)
    }

    private let size: MapSize
    private let tuning: SaliencyTuning.Stream
    /// Some frames before the next one to be decided, that one, and all after it.
    private var frames: [Observed] = []
    private var next = 0
    /// The last frame that was analysed, and the number of frames a flash goes on for.
    private var kept: Observed?
    private var flash = 0

    package init(size: MapSize, tuning: SaliencyTuning.Stream) {
        (self.size, self.tuning) = (size, tuning)
    }

    /// What is decided when another frame has come.
    package mutating func add(_ frame: ShrunkFrame) -> [Step] {
        frames.append(Observed(frame, after: frames.last, size: size))
        guard frames.count > next + tuning.lookAhead else { return [] }
        return [decide()]
    }

    /// What is left after the last frame.
    package mutating func finish() -> [Step] {
        var steps: [Step] = []
        while next < frames.count { steps.append(decide()) }
        return steps
    }

    private mutating func decide() -> Step {
        let frame = frames[next]
        defer {
            next += 1
            if next > tuning.lookBehind {
                frames.removeFirst(next - tuning.lookBehind)
                next = tuning.lookBehind
            }
        }
        let (index, time) = (frame.frame.index, frame.frame.time)
        if flash > 0 {
            flash -= 1
            return .repeated(index: index, time: time)
        }
        guard let kept else {
            self.kept = frame
            return .frame(frame.frame, beginsScene: true)
        }
        if repeats { return .repeated(index: index, time: time) }
        let length = flashLength(since: kept)
        if length > 0 {
            flash = length - 1
            return .repeated(index: index, time: time)
        }
        self.kept = frame
        return .frame(frame.frame, beginsScene: cuts)
    }

    /// Hardly any change, and far less than between the frames around.
    private var repeats: Bool {
        let change = frames[next].change
        guard change < tuning.repeatChange else { return false }
        let near = max(next - 7, 1)..<min(next + 8, frames.count)
        let usual = Quantile.value(tuning.repeatQuantile, of: near.map { frames[$0].change })
        return change < tuning.repeatPart * usual
    }

    /// For how many frames the brightness is quite another one before it comes back.
    private func flashLength(since kept: Observed) -> Int {
        let step = frames[next].mean - kept.mean
        guard abs(step) > tuning.flashStep else { return 0 }
        let last = min(next + tuning.flashFrames, frames.count - 1)
        for later in next + 1..<max(last + 1, next + 1)
        where abs(frames[later].mean - kept.mean) < tuning.flashReturn * abs(step) {
            return later - next
        }
        return 0
    }

    /// Colours and luma jump, farther than between the frames around, and what was before does
    /// not come back at once.
    private var cuts: Bool {
        let now = frames[next]
        guard next > 0, now.colourStep > tuning.cutColours, now.lumaStep > tuning.cutLuma
        else { return false }
        let near = (max(1, next - 4)..<min(next + 5, frames.count)).filter { $0 != next }
        let colours = Quantile.median(of: near.map { frames[$0].colourStep })
        let luma = Quantile.median(of: near.map { frames[$0].lumaStep })
        guard now.colourStep > tuning.cutRatio * colours,
            now.lumaStep > tuning.cutRatio * luma
        else { return false }
        let least = tuning.cutRemains * now.colourStep
        let before = frames[next - 1]
        for later in next + 1..<max(min(next + 5, frames.count), next + 1)
        where before.colourDistance(to: frames[later]) <= least { return false }
        for earlier in max(next - 5, 0)..<next - 1
        where frames[earlier].colourDistance(to: now) <= least { return false }
        return true
    }
}

/// What is compared of a frame.
private struct Observed: Sendable {
    let frame: ShrunkFrame
    /// Part of the samples in each of 8 × 8 × 8 bins of luma and colour differences.
    private let colours: [Float]
    private let smooth: Plane
    let mean: Float
    /// Mean difference of luma from the frame before, of smoothed luma, and of the colours.
    let change: Float
    let lumaStep: Float
    let colourStep: Float

    init(_ frame: ShrunkFrame, after last: Observed?, size: MapSize) {
        self.frame = frame
        var counts = [Float](repeating: 0, count: 512)
        var total = 0
        for place in 0..<frame.luma.count {
            total += Int(frame.luma[place])
            counts[Self.bin(frame.luma[place], frame.blue[place], frame.red[place])] += 1
        }
        let scale = 1 / Float(frame.luma.count)
        colours = counts.map { $0 * scale }
        mean = Float(total) * scale
        smooth = frame.smoothedLuma(size)
        guard let last else {
            (change, lumaStep, colourStep) = (0, 0, 0)
            return
        }
        var sum = 0
        for place in 0..<frame.luma.count {
            sum += abs(Int(frame.luma[place]) - Int(last.frame.luma[place]))
        }
        change = Float(sum) * scale
        var difference: Float = 0
        for place in 0..<smooth.count {
            difference += abs(smooth.values[place] - last.smooth.values[place])
        }
        lumaStep = difference / Float(smooth.count)
        colourStep = Self.distance(colours, last.colours)
    }

    func colourDistance(to other: Observed) -> Float { Self.distance(colours, other.colours) }

    private static func distance(_ first: [Float], _ second: [Float]) -> Float {
        var sum: Float = 0
        for bin in 0..<first.count { sum += abs(first[bin] - second[bin]) }
        return sum / 2
    }

    @inline(__always)
    private static func bin(_ luma: UInt8, _ blue: UInt8, _ red: UInt8) -> Int {
        // Colour differences from 64 to 192: few are beyond.
        let (b, r) = (min(max(Int(blue), 64), 191) - 64, min(max(Int(red), 64), 191) - 64)
        return Int(luma / 32) * 64 + b / 16 * 8 + r / 16
    }
}

extension ShrunkFrame {
    /// Luma at the map's size, blurred.
    func smoothedLuma(_ size: MapSize) -> Plane {
        let fine = Plane(
            width: size.flowWidth,
            height: size.flowHeight,
            values: luma.map { Float($0) }
        )
        return fine.halved().boxMean(radius: 3)
    }
}
