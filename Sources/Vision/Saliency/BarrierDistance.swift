/// Minimum barrier distance of every sample to the frame's border: the least difference between
/// the brightest and the darkest sample on any path to it. J. Zhang et al., "Minimum Barrier
/// Salient Object Detection at 80 FPS", ICCV 2015: the raster-scan approximation FastMBD.
enum BarrierDistance {
    /// Distances summed over the three channels.
    static func toBorder(
        _ values: [SIMD4<Float>],
        width: Int,
        height: Int,
        passes: Int
    ) -> Plane {
        let count = width * height
        let far: Float = 1e6
        // One lane for each channel: they share the scans but not the paths.
        var distances = [SIMD4<Float>](repeating: SIMD4(repeating: far), count: count)
        for x in 0..<width {
            distances[x] = .zero
            distances[count - width + x] = .zero
        }
        for y in 0..<height {
            distances[y * width] = .zero
            distances[y * width + width - 1] = .zero
        }
        var result = Plane(width: width, height: height)
        guard width > 2, height > 2 else { return result }
        var highest = values
        var lowest = values
        do {
            let sample = values.span
            var distance = distances.mutableSpan
            var high = highest.mutableSpan
            var low = lowest.mutableSpan
            for pass in 0..<passes {
                let isForward = pass % 2 == 0
                let back = isForward ? -1 : 1
                for row in 1..<height - 1 {
                    let y = isForward ? row : height - 1 - row
                    // The neighbour along the row is the sample that was done last.
                    let start = y &* width &+ (isForward ? 0 : width - 1)
                    var lastHigh = high[unchecked: start]
                    var lastLow = low[unchecked: start]
                    for column in 1..<width - 1 {
                        let at = start &- back &* column
                        let value = sample[unchecked: at]
                        var best = distance[unchecked: at]
                        var bestHigh = high[unchecked: at]
                        var bestLow = low[unchecked: at]
                        let aside = at &+ back &* width
                        for step in 0..<2 {
                            let otherHigh = step == 0 ? high[unchecked: aside] : lastHigh
                            let otherLow = step == 0 ? low[unchecked: aside] : lastLow
                            let nearHigh = otherHigh.replacing(
                                with: value,
                                where: value .> otherHigh
                            )
                            let nearLow = otherLow.replacing(
                                with: value,
                                where: value .< otherLow
                            )
                            let barrier = nearHigh - nearLow
                            let better = barrier .< best
                            best.replace(with: barrier, where: better)
                            bestHigh.replace(with: nearHigh, where: better)
                            bestLow.replace(with: nearLow, where: better)
                        }
                        distance[unchecked: at] = best
                        high[unchecked: at] = bestHigh
                        low[unchecked: at] = bestLow
                        lastHigh = bestHigh
                        lastLow = bestLow
                    }
                }
            }
        }
        let distance = distances.span
        var target = result.values.mutableSpan
        for index in 0..<count {
            target[unchecked: index] = distance[unchecked: index].sum()
        }
        return result
    }
}
