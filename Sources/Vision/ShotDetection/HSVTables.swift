/// Hue, saturation and value of 8-bit colours as OpenCV computes them: hue 0…179, the others 0…255.
///
/// The fixed-point arithmetic and the rounded tables are those of `cv2.cvtColor(…,
/// COLOR_BGR2HSV)` (opencv: modules/imgproc/src/color_hsv.simd.hpp, `RGB2HSV_b`), so that values
/// are equal and not only close.
struct HSVTables: Sendable {
    /// Bits behind the point.
    private static let shift: Int32 = 12
    private static let half: Int32 = 1 << (shift - 1)

    /// 255 / value, for each value.
    private let saturations: [Int32]
    /// 180 / (6 × chroma), for each chroma.
    private let hues: [Int32]

    init() {
        let one = Double(1 << Self.shift)
        saturations = (0...255).map { Self.quotient(255 * one, Double($0)) }
        hues = (0...255).map { Self.quotient(180 * one, 6 * Double($0)) }
    }

    private static func quotient(_ dividend: Double, _ divisor: Double) -> Int32 {
        divisor == 0 ? 0 : Int32((dividend / divisor).rounded(.toNearestOrEven))
    }

    /// Converts pixels.
    ///
    /// - Parameters:
    ///   - pixels: [count × 3] red, green, blue.
    ///   - count: the number of pixels.
    ///   - hue: [count], filled.
    ///   - saturation: [count], filled.
    ///   - value: [count], filled.
    func convert(
        _ pixels: UnsafePointer<UInt8>,
        count: Int,
        hue: UnsafeMutablePointer<UInt8>,
        saturation: UnsafeMutablePointer<UInt8>,
        value: UnsafeMutablePointer<UInt8>
    ) {
        saturations.withUnsafeBufferPointer { saturations in
            hues.withUnsafeBufferPointer { hues in
                for index in 0..<count {
                    let place = 3 &* index
                    let red = Int32(pixels[place])
                    let green = Int32(pixels[place &+ 1])
                    let blue = Int32(pixels[place &+ 2])
                    let largest = max(red, green, blue)
                    let chroma = largest &- min(red, green, blue)
                    // Of equal channels, red comes before green and green before blue.
                    let sector =
                        largest == red
                        ? green &- blue
                        : largest == green
                            ? blue &- red &+ 2 &* chroma
                            : red &- green &+ 4 &* chroma
                    let angle = (sector &* hues[Int(chroma)] &+ Self.half) >> Self.shift
                    let colourful =
                        (chroma &* saturations[Int(largest)] &+ Self.half) >> Self.shift
                    hue[index] = UInt8(truncatingIfNeeded: angle < 0 ? angle &+ 180 : angle)
                    saturation[index] = UInt8(truncatingIfNeeded: colourful)
                    value[index] = UInt8(truncatingIfNeeded: largest)
                }
            }
        }
    }
}
