import Diagnostics
import Files
import Media

/// The constant frame rate of a clip.
package enum FrameRate {
    /// The usual rates of cameras and programs.
    private static let usual: [(Int, Int)] = [
        (24000, 1001), (24, 1), (25, 1), (30000, 1001), (30, 1), (48, 1), (50, 1), (60000, 1001),
        (60, 1), (100, 1), (120_000, 1001), (120, 1), (12, 1), (15, 1), (10, 1), (240, 1),
    ]

    /// The average rate of a video. Where it is within a thirtieth of a percent of a usual one,
    /// the difference is due to the rounding of times, and it is that one.
    ///
    /// - Returns: the frame rate in fps; nil when the file has none.
    package static func average(of video: VideoStream) -> Rational? {
        guard let average = video.frameRate, (0.01...10_000).contains(average.value) else {
            return nil
        }
        let near = usual.compactMap { Rational($0.0, $0.1) }.min {
            abs($0.value - average.value) < abs($1.value - average.value)
        }
        if let near, abs(near.value / average.value - 1) < 0.0003 { return near }
        // Encoders need small numbers.
        guard average.numerator > 1_000_000 || average.denominator > 100_000 else {
            return average
        }
        return Rational(Int((average.value * 1000).rounded()), 1000)
    }

    /// Reads `25`, `29.97`, `23.976` or `30000/1001`; nil unless that is a rate of 1 to 240.
    package static func parse(_ text: String) -> Rational? {
        let rate: Rational?
        if let fraction = Rational(text) {
            rate = fraction
        } else if let nanoseconds = ClipStart.nanoseconds(text),
            text.utf8.allSatisfy({ (0x30...0x39).contains($0) || $0 == UInt8(ascii: ".") })
        {
            let value = Double(nanoseconds) / 1e9
            // "29.97" means 30000/1001.
            let ntsc = usual.filter { $0.1 == 1001 }.compactMap { Rational($0.0, $0.1) }
                .first { abs($0.value - value) < 0.002 }
            rate = ntsc ?? Rational(nanoseconds / 1_000_000, 1000)
        } else {
            rate = nil
        }
        guard let rate, (1...240).contains(rate.value), rate.numerator < 10_000_000 else {
            return nil
        }
        return rate
    }
}

extension Timecode {
    /// The time in a video, at its own rate, in nanoseconds from the start of the file.
    ///
    /// - Throws: `EightCutError` when the rate is unknown, or has no such frame.
    func nanoseconds(in source: MediaSource) throws -> Int {
        let rate = FrameRate.average(of: source.video)
        if let rate, let nanoseconds = nanoseconds(at: rate.value) { return nanoseconds }
        throw EightCutError(
            .usage,
            "cannot use the time code",
            on: description,
            because: rate.map {
                "a second of \(quoted(source.path.string)) has no frame \(frames): "
                    + "it has \(decimal(($0.value * 1000).rounded() / 1000)) fps"
            } ?? "the frame rate of the video is unknown",
            remedy: "Write the start in seconds, or as @frame."
        )
    }
}
