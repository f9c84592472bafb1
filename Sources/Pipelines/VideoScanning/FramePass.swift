import Diagnostics
import Imaging
import Media
import ScanStore
import ShotDetection
import SystemPackage

/// Measures the frames of a video in order, after those that an earlier pass has measured.
struct FramePass {
    /// Why a pass has to begin anew, from the start of the video.
    enum Restart: Error {
        /// The times do not tell where in the video it began.
        case placeUnknown
        /// Timestamps jump, which ffmpeg has to join.
        case timesJump
    }

    private let path: FilePath
    private let known: [Double]
    private let frameRate: Double
    /// Whether times that jump are an error of this pass.
    private let mayJump: Bool
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
    /// Seconds back or ahead that are a jump of the timestamps, as to `DecodedTimes.jumps`.
    private static let jump = (back: 0.5, ahead: 10.0)
    /// Seconds that one frame may be shown: more is a wrong timestamp.
    private static let longestFrame = 86_400.0

    /// - Parameters:
    ///   - path: the video.
    ///   - size: columns and rows of the frames.
    ///   - frameRate: in fps.
    ///   - known: the times of the frames that are measured.
    ///   - mayJump: whether jumps of the times are an error (`timesJump`).
    init(
        of path: FilePath,
        size: (width: Int, height: Int),
        frameRate: Double,
        known: [Double],
        mayJump: Bool
    ) {
        self.path = path
        self.known = known
        self.frameRate = frameRate
        self.mayJump = mayJump
        meter = FrameMeter(width: size.width, height: size.height, frameRate: frameRate)
        if known.isEmpty { last = -1 }
    }

    /// Measures the next frame.
    ///
    /// - Returns: its measures and time; nil for a frame that was measured before.
    /// - Throws: `Restart`; `EightCutError` where a frame is shown for days.
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
        return (measures.rounded, try time(of: frame))
    }

    /// Counts on, once the first frame was recognized by its time.
    private func number(of frame: VideoFrame) throws -> Int? {
        if let last {
            let next = last + 1
            guard next < known.count else { return next }
            guard let time = frame.time, abs(time - known[next]) < Self.tolerance else {
                throw Restart.placeUnknown
            }
            return next
        }
        guard let time = frame.time else { return nil }
        var (low, high) = (0, known.count)
        while low < high {
            let middle = (low + high) / 2
            if known[middle] < time - Self.tolerance { low = middle + 1 } else { high = middle }
        }
        guard low <= known.count - Self.warmUp + 8 else { throw Restart.placeUnknown }
        return abs(known[low] - time) < Self.tolerance ? low : nil
    }

    /// The time of a new frame, later than the one before also where the file says otherwise.
    private mutating func time(of frame: VideoFrame) throws -> Double {
        let time = try time(frame.time, after: lastTime)
        lastTime = time
        return time
    }

    private mutating func time(_ time: Double?, after last: Double?) throws -> Double {
        guard let last else { return time ?? 0 }
        guard let time else { return guess(last + 1 / frameRate) }
        let step = time - last
        if mayJump, step < -Self.jump.back || step > Self.jump.ahead { throw Restart.timesJump }
        guard step < Self.longestFrame else {
            throw EightCutError(
                .inputUnusable,
                "cannot scan",
                on: path.string,
                because: "the timestamp of a frame is more than a day after the one before",
                remedy: "Repair it, for example with ffmpeg -i video -c copy repaired.mkv."
            )
        }
        if step >= 1e-6 { return time }
        // After one that comes twice, the next is right again.
        return guess(last + (step > -1 / frameRate ? 1e-6 : 1 / frameRate))
    }

    private mutating func guess(_ time: Double) -> Double {
        isTimed = false
        return time
    }
}
