import Diagnostics
import Imaging
import Media
import ScanStore
import ShotDetection

/// Measures the frames of a video in order, after those that an earlier pass has measured.
struct FramePass {
    /// The times do not tell where in the video a pass began.
    struct PlaceUnknown: Error {}

    private let known: [Double]
    private let frameRate: Double
    private var meter: FrameMeter
    /// The number of the frame that was measured last; nil until the place is known.
    private var last: Int?
    private var lastTime: Double?
    /// Whether all frames had times of their own, each later than the one before.
    private(set) var isTimed = true

    /// Frames that are measured again before new ones: the most that a frame is compared over, and
    /// some more.
    static let warmUp = FrameMeasures.spans[FrameMeasures.spans.count - 1] + 16
    /// Seconds that the same frame's time may differ by.
    private static let tolerance = 2e-5

    /// - Parameters:
    ///   - size: columns and rows of the frames.
    ///   - frameRate: in fps.
    ///   - known: the times of the frames that are measured.
    init(size: (width: Int, height: Int), frameRate: Double, known: [Double]) {
        self.known = known
        self.frameRate = frameRate
        meter = FrameMeter(width: size.width, height: size.height, frameRate: frameRate)
        if known.isEmpty { last = -1 }
    }

    /// Measures the next frame.
    ///
    /// - Returns: its measures and time; nil for a frame that was measured before.
    /// - Throws: `PlaceUnknown`.
    mutating func measure(_ frame: VideoFrame) throws -> (measures: FrameMeasures, time: Double)? {
        guard let number = try number(of: frame) else { return nil }
        last = number
        let measures = frame.pixels.withUnsafeBytes {
            meter.measure($0.assumingMemoryBound(to: UInt8.self))
        }
        guard number >= known.count else {
            lastTime = known[number]
            return nil
        }
        return (measures.rounded, time(of: frame))
    }

    /// Counts on, once the first frame was recognized by its time.
    private func number(of frame: VideoFrame) throws -> Int? {
        if let last {
            let next = last + 1
            guard next < known.count else { return next }
            guard let time = frame.time, abs(time - known[next]) < Self.tolerance else {
                throw PlaceUnknown()
            }
            return next
        }
        guard let time = frame.time else { return nil }
        var (low, high) = (0, known.count)
        while low < high {
            let middle = (low + high) / 2
            if known[middle] < time - Self.tolerance { low = middle + 1 } else { high = middle }
        }
        guard low <= known.count - Self.warmUp + 8 else { throw PlaceUnknown() }
        return abs(known[low] - time) < Self.tolerance ? low : nil
    }

    /// The time of a new frame, later than the one before also where the file says otherwise.
    private mutating func time(of frame: VideoFrame) -> Double {
        let least = lastTime.map { $0 + 1e-6 } ?? -.infinity
        if let time = frame.time, time >= least {
            lastTime = time
            return time
        }
        isTimed = false
        let time = lastTime.map { $0 + 1 / frameRate } ?? 0
        lastTime = time
        return time
    }
}
