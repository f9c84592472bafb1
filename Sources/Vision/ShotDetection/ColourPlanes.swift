/// A frame as planes of hue, saturation, value and luma.
struct ColourPlanes: Sendable {
    private let count: Int
    /// [3 × count] hue, saturation, value.
    private var colours: [UInt8]
    /// [count]
    private(set) var luma: [UInt8]

    init(count: Int) {
        self.count = count
        colours = Array(repeating: 0, count: 3 * count)
        luma = Array(repeating: 0, count: count)
    }

    /// - Parameters:
    ///   - pixels: [count × 3] red, green, blue.
    ///   - tables: those of OpenCV.
    mutating func fill(_ pixels: UnsafePointer<UInt8>, _ tables: HSVTables) {
        let count = count
        colours.withUnsafeMutableBufferPointer { colours in
            guard let target = colours.baseAddress else { return }
            tables.convert(
                pixels,
                count: count,
                hue: target,
                saturation: target + count,
                value: target + 2 * count
            )
        }
        luma.withUnsafeMutableBufferPointer { luma in
            guard let target = luma.baseAddress else { return }
            LumaPlane.convert(pixels, count: count, luma: target)
        }
    }

    /// The mean absolute differences (scenedetect/detectors/content_detector.py,
    /// `_mean_pixel_distance`). The difference of hue is not that on a circle.
    func compare(with other: ColourPlanes, _ measures: inout FrameMeasures) {
        func mean(_ plane: Int) -> Double {
            let range = plane * count..<(plane + 1) * count
            return Double(Self.difference(colours[range], other.colours[range])) / Double(count)
        }
        (measures.hue, measures.saturation, measures.value) = (mean(0), mean(1), mean(2))
    }

    private static func difference(_ first: ArraySlice<UInt8>, _ second: ArraySlice<UInt8>) -> Int {
        var total = 0
        first.withUnsafeBufferPointer { first in
            second.withUnsafeBufferPointer { second in
                var sum: Int32 = 0
                for index in 0..<first.count {
                    let difference = Int32(first[index]) &- Int32(second[index])
                    sum &+= abs(difference)
                }
                total = Int(sum)
            }
        }
        return total
    }

    /// The mean squared difference of two planes.
    static func meanSquare(_ first: [UInt8], _ second: [UInt8]) -> Float {
        var total = 0
        first.withUnsafeBufferPointer { first in
            second.withUnsafeBufferPointer { second in
                // Sums of 16 bits squared fit 32 bits for as many pixels.
                for start in stride(from: 0, to: first.count, by: 16_384) {
                    var sum: Int32 = 0
                    for index in start..<min(start + 16_384, first.count) {
                        let difference = Int16(first[index]) &- Int16(second[index])
                        sum &+= Int32(difference) &* Int32(difference)
                    }
                    total += Int(sum)
                }
            }
        }
        return Float(Double(total) / Double(first.count))
    }
}
