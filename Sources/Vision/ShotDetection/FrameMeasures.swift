/// What is measured of a frame of a video and kept: all that shots are found by, so that thresholds
/// can be changed without decoding again.
///
/// Differences look back only: they compare a frame with earlier ones.
package struct FrameMeasures: Sendable, Equatable {
    /// The distances of frames that dissolves and fades are looked for over.
    package static let spans = [8, 16, 24, 32]
    /// The largest distance of frames that a flash is looked for over.
    package static let longestFlash = 4

    /// The mean absolute difference of hue (0…179) from the frame before; 0 for the first frame.
    package var hue = 0.0
    /// That of saturation (0…255).
    package var saturation = 0.0
    /// That of value (0…255).
    package var value = 0.0
    /// The correlation of the histogram of luma, in 128 bins, with that of the frame before: -1…1.
    package var correlation = 1.0
    /// That in 256 bins.
    package var correlation256 = 1.0

    /// The mean luma, 0…255.
    package var luma: Float = 0
    /// The standard deviation of luma, 0…127.5.
    package var contrast: Float = 0
    /// The share of pixels that are black: 0…1.
    package var blackShare: Float = 0
    /// Black rows and columns at each side, as parts of the height and the width: 0…1.
    package var bars = Bars()
    /// The mean squared difference of luma from the frame half a second before; nil in the first
    /// half second.
    package var stillness: Float?

    /// How alike the frame and the one before are at the best shift: the correlation of their luma.
    package var alikeness: Float = 1
    /// That shift, as parts of the width and the height: what the camera has moved.
    package var shiftX: Float = 0
    package var shiftY: Float = 0
    /// The mean absolute difference of red, green and blue from the frame before at the best shift,
    /// the mean brightness of both made equal: 0…255.
    package var shiftedDifference: Float = 0
    /// The same likeness with the frames 2, 3, 4 and 5 before: what comes back after a flash of 1, 2,
    /// 3 and 4 frames. 0 where there is no such frame, or nothing has changed that could end here.
    package var returns = SIMD4<Float>()

    /// The distance of the colour histograms of the frame and the one 8, 16, 24 and 32 before: 0…4.
    package var spanDistances = SIMD4<Float>()
    /// Whether the frame in the middle of each span is a mixture of both ends, as in a dissolve: 0…1.
    package var mixtures = SIMD4<Float>()
    /// How alike the two ends of each span are: the correlation of their colours, -1…1.
    package var ends = SIMD4<Float>(repeating: 1)

    package init() {}

    /// The score of `ContentDetector`: the mean of the three differences.
    package var content: Double { (hue + saturation + value) / 3 }
}

/// Black rows and columns around the content of a frame, as parts of its height and width.
package struct Bars: Sendable, Equatable {
    package var top: Float = 0
    package var bottom: Float = 0
    package var left: Float = 0
    package var right: Float = 0

    package init() {}
}
