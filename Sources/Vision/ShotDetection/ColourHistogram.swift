/// How often colours occur on a reduced frame: hue and saturation in 12 × 6 bins, value in 24.
///
/// It changes little while a camera moves within a scene and much from scene to scene, also where
/// that takes many frames.
struct ColourHistogram: Sendable {
    private static let hues = 12
    private static let saturations = 6
    private static let values = 24

    /// [12 × 6 + 24] shares; the first 72 add up to 1, and the last 24.
    let shares: [Float]

    init(_ frame: ReducedFrame, _ tables: HSVTables) {
        let count = frame.width * frame.height
        var planes = [UInt8](repeating: 0, count: 3 * count)
        planes.withUnsafeMutableBufferPointer { planes in
            frame.colours.withUnsafeBufferPointer { colours in
                guard let target = planes.baseAddress, let source = colours.baseAddress else {
                    return
                }
                tables.convert(
                    source,
                    count: count,
                    hue: target,
                    saturation: target + count,
                    value: target + 2 * count
                )
            }
        }
        var counts = [Int32](repeating: 0, count: Self.hues * Self.saturations + Self.values)
        for index in 0..<count {
            let hue = Int(planes[index]) &* Self.hues / 180
            let saturation = Int(planes[count &+ index]) &* Self.saturations / 256
            let value = Int(planes[2 &* count &+ index]) &* Self.values / 256
            counts[hue &* Self.saturations &+ saturation] &+= 1
            counts[Self.hues &* Self.saturations &+ value] &+= 1
        }
        shares = counts.map { Float($0) / Float(count) }
    }

    /// The sum of the differences of all shares: 0…4.
    func distance(to other: ColourHistogram) -> Float {
        zip(shares, other.shares).reduce(0) { $0 + abs($1.0 - $1.1) }
    }
}
