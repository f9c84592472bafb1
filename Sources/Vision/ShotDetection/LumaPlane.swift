/// The luma of 8-bit colours as OpenCV computes it, and what follows from its histogram.
enum LumaPlane {
    /// Converts pixels as `cv2.cvtColor(…, COLOR_BGR2YUV)` does (opencv:
    /// modules/imgproc/src/color_yuv.simd.hpp: BT.601, full range, 14 bits behind the point).
    ///
    /// - Parameters:
    ///   - pixels: [count × 3] red, green, blue.
    ///   - count: the number of pixels.
    ///   - luma: [count], filled.
    static func convert(
        _ pixels: UnsafePointer<UInt8>,
        count: Int,
        luma: UnsafeMutablePointer<UInt8>
    ) {
        for index in 0..<count {
            let place = 3 &* index
            var sum: Int32 = 8192
            sum &+= 4899 &* Int32(pixels[place])
            sum &+= 9617 &* Int32(pixels[place &+ 1])
            sum &+= 1868 &* Int32(pixels[place &+ 2])
            luma[index] = UInt8(truncatingIfNeeded: sum >> 14)
        }
    }

    /// The luma of pixels.
    static func luma(of colours: [UInt8]) -> [UInt8] {
        var luma = [UInt8](repeating: 0, count: colours.count / 3)
        luma.withUnsafeMutableBufferPointer { luma in
            colours.withUnsafeBufferPointer { colours in
                guard let source = colours.baseAddress, let target = luma.baseAddress else {
                    return
                }
                convert(source, count: luma.count, luma: target)
            }
        }
        return luma
    }

    /// How many pixels have each value: [256].
    static func histogram(_ luma: UnsafePointer<UInt8>, count: Int) -> [Int32] {
        // Four histograms, so that equal neighbours do not wait for each other.
        var counts = [Int32](repeating: 0, count: 4 * 256)
        counts.withUnsafeMutableBufferPointer { counts in
            var index = 0
            while index &+ 4 <= count {
                counts[Int(luma[index])] &+= 1
                counts[256 &+ Int(luma[index &+ 1])] &+= 1
                counts[512 &+ Int(luma[index &+ 2])] &+= 1
                counts[768 &+ Int(luma[index &+ 3])] &+= 1
                index &+= 4
            }
            while index < count {
                counts[Int(luma[index])] &+= 1
                index &+= 1
            }
        }
        for index in 256..<counts.count { counts[index & 255] &+= counts[index] }
        counts.removeLast(counts.count - 256)
        return counts
    }

    /// A histogram with neighbouring pairs of values joined: [bins / 2].
    static func halved(_ histogram: [Int32]) -> [Int32] {
        var half = [Int32](repeating: 0, count: histogram.count / 2)
        for (index, count) in histogram.enumerated() { half[index / 2] &+= count }
        return half
    }

    /// Pearson's correlation of two histograms, as `cv2.compareHist(…, HISTCMP_CORREL)` computes it
    /// of histograms that have the Euclidean norm 1 (scenedetect/detectors/histogram_detector.py):
    /// flat ones are alike.
    static func correlation(_ first: [Int32], _ second: [Int32]) -> Double {
        var (sum1, sum2, square1, square2, product) = (0.0, 0.0, 0.0, 0.0, 0.0)
        for (a, b) in zip(first, second) {
            let (a, b) = (Double(a), Double(b))
            sum1 += a
            sum2 += b
            square1 += a * a
            square2 += b * b
            product += a * b
        }
        guard square1 > 0, square2 > 0 else { return 1 }
        let bins = Double(first.count)
        let scale = 1 / (square1 * square2).squareRoot()
        let variances = (1 - sum1 * sum1 / bins / square1) * (1 - sum2 * sum2 / bins / square2)
        guard abs(variances) > Double.ulpOfOne else { return 1 }
        return (product - sum1 * sum2 / bins) * scale / variances.squareRoot()
    }
}
