/// A comparison of a frame with others: the motion in samples, and the change in grey levels.
struct MotionMeasure {
    let motion: Plane
    let change: Plane

    /// The least motion, in samples, that counts.
    private static let leastMotion: Float = 0.16

    /// Motion well above the background's own spread (noise, a wrong fit, leaves in the wind).
    /// It is put down to the places that change themselves, not to those next to them.
    func significant(energy: Plane, noise: Float) -> Plane {
        var histogram = [Int](repeating: 0, count: 256)
        let values = motion.values.span
        let squares = energy.values.span
        var total = 0
        for index in 0..<motion.count where squares[unchecked: index] > noise * noise {
            histogram[min(255, Int(values[unchecked: index] * 128))] += 1
            total += 1
        }
        var below = 0
        var median: Float = 0
        for (bin, count) in histogram.enumerated() {
            below += count
            if 2 * below >= total {
                median = Float(bin) / 128
                break
            }
        }
        let low = max(Self.leastMotion, 3 * median)
        let scale = 1 / (1.5 * low)
        var result = motion
        let changes = change.values.span
        var target = result.values.mutableSpan
        for index in 0..<motion.count {
            let value = min(max((target[unchecked: index] - low) * scale, 0), 1)
            let own = changes[unchecked: index]
            target[unchecked: index] = value * own / (own + noise)
        }
        return result
    }
}
