import Imaging

/// How well the contour of a mask follows the true one: F of DAVIS (Perazzi et al., "A Benchmark
/// Dataset and Evaluation Methodology for Video Object Segmentation", CVPR 2016).
///
/// Precision is the part of the mask's contour that has the true one within reach, recall the part
/// of the true contour that has the mask's within reach, and F their harmonic mean. The reach is
/// 0.008 of the image's diagonal, rounded up to whole pixels.
package enum ContourAccuracy {
    /// Part of the diagonal by which contours may be apart.
    private static let tolerance = 0.008

    /// F of a mask.
    ///
    /// - Parameters:
    ///   - mask: 0 background, anything else object.
    ///   - truth: the true mask, of the same size.
    /// - Returns: 0…1; 1 when both contours are empty, 0 when one of them is.
    package static func f(_ mask: GrayImage, _ truth: GrayImage) -> Double {
        precondition(
            mask.width == truth.width && mask.height == truth.height,
            "contours are compared in one size"
        )
        let (own, other) = (Contour(of: mask), Contour(of: truth))
        guard own.count > 0, other.count > 0 else { return own.count == other.count ? 1 : 0 }
        let reach = reach(width: mask.width, height: mask.height)
        let precision = Double(own.count(within: reach, of: other)) / Double(own.count)
        let recall = Double(other.count(within: reach, of: own)) / Double(other.count)
        return precision + recall == 0 ? 0 : 2 * precision * recall / (precision + recall)
    }

    /// The reach in an image of a size, in pixels.
    private static func reach(width: Int, height: Int) -> Int {
        let diagonal = Double(width * width + height * height).squareRoot()
        return Int((tolerance * diagonal).rounded(.up))
    }
}

/// The pixels on the boundary of an object, half a pixel towards the origin, as the Berkeley
/// segmentation benchmark draws them (Martin, 2003): those that differ from the one on the right,
/// the one below or the one between the two. The image's last row and column have fewer of these,
/// and its last pixel has none.
private struct Contour {
    let width: Int
    let height: Int
    /// 1 on the contour, 0 elsewhere.
    let pixels: [UInt8]
    /// Pixels on the contour.
    let count: Int

    init(of mask: GrayImage) {
        width = mask.width
        height = mask.height
        pixels = Self.pixels(of: mask)
        count = pixels.reduce(0) { $0 + Int($1) }
    }

    private static func pixels(of mask: GrayImage) -> [UInt8] {
        let (width, height) = (mask.width, mask.height)
        let object = mask.pixels.map { $0 == 0 ? 0 : 1 as UInt8 }
        var contour = [UInt8](repeating: 0, count: object.count)
        guard width > 0, height > 0 else { return contour }
        object.withUnsafeBufferPointer { object in
            contour.withUnsafeMutableBufferPointer { contour in
                for y in 0..<height {
                    let row = y * width
                    // The last row has nothing below it: it is compared with itself.
                    let below = y + 1 < height ? row + width : row
                    for x in 0..<width - 1 {
                        let here = object[row + x]
                        contour[row + x] =
                            (here ^ object[row + x + 1]) | (here ^ object[below + x])
                            | (here ^ object[below + x + 1])
                    }
                    contour[row + width - 1] = object[row + width - 1] ^ object[below + width - 1]
                }
            }
        }
        return contour
    }

    /// How many pixels have one of another contour within a distance.
    ///
    /// A column at the horizontal distance d reaches a pixel if its own nearest one is at most
    /// √(distance² − d²) rows away.
    func count(within distance: Int, of other: Contour) -> Int {
        let rows = other.rowDistances(limit: distance + 1)
        let reach = (0...distance).map { UInt16(Self.root(distance * distance - $0 * $0)) }
        var count = 0
        rows.withUnsafeBufferPointer { rows in
            pixels.withUnsafeBufferPointer { pixels in
                for y in 0..<height {
                    for x in 0..<width where pixels[y * width + x] != 0 {
                        let (left, right) = (max(-distance, -x), min(distance, width - 1 - x))
                        let place = y * width + x
                        if rows[place] <= reach[0]
                            || (left...right).contains(where: { rows[place + $0] <= reach[abs($0)] }
                            )
                        {
                            count += 1
                        }
                    }
                }
            }
        }
        return count
    }

    /// The distance in rows from each pixel to the contour in its column, at most `limit`.
    private func rowDistances(limit: Int) -> [UInt16] {
        let far = UInt16(limit)
        var rows = pixels.map { $0 == 0 ? far : 0 }
        rows.withUnsafeMutableBufferPointer { rows in
            for y in 0..<height where y > 0 {
                Self.step(rows, to: y * width, from: (y - 1) * width, count: width)
            }
            for y in (0..<height).reversed() where y + 1 < height {
                Self.step(rows, to: y * width, from: (y + 1) * width, count: width)
            }
        }
        return rows
    }

    private static func step(
        _ rows: UnsafeMutableBufferPointer<UInt16>,
        to row: Int,
        from neighbour: Int,
        count: Int
    ) {
        for x in 0..<count { rows[row + x] = min(rows[row + x], rows[neighbour + x] &+ 1) }
    }

    /// The square root of an integer, rounded down.
    private static func root(_ square: Int) -> Int { Int(Double(square).squareRoot()) }
}
