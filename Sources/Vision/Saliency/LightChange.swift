/// Undoes fades: changes of light that the whole frame shares.
package enum LightChange {
    /// Gives all frames of a stretch the light of the one that is in the middle by its gain.
    ///
    /// Only steps count in which nearly all places grow brighter, or nearly all darker: motion
    /// changes them both ways.
    package static func undo(
        _ frames: inout [ShrunkFrame],
        size: MapSize,
        tuning: SaliencyTuning.Stream
    ) {
        guard frames.count > 1 else { return }
        let smooth = frames.map { $0.smoothedLuma(size).values }
        var (gains, offsets): ([Float], [Float]) = ([1], [0])
        for time in 1..<frames.count {
            let (gain, offset) = step(smooth[time - 1], smooth[time], tuning)
            gains.append(gain * gains[time - 1])
            offsets.append(gain * offsets[time - 1] + offset)
        }
        let order = gains.indices.sorted { (gains[$0], $0) < (gains[$1], $1) }
        let middle = order[order.count / 2]
        for time in frames.indices {
            let gain = gains[time] / gains[middle]
            let offset = offsets[time] - gain * offsets[middle]
            guard gain != 1 || offset != 0 else { continue }
            let inverse = 1 / max(gain, 0.125)
            for place in frames[time].luma.indices {
                let luma = (Float(frames[time].luma[place]) - offset) * inverse
                let blue = (Float(frames[time].blue[place]) - 128) * inverse + 128
                let red = (Float(frames[time].red[place]) - 128) * inverse + 128
                frames[time].luma[place] = byte(luma)
                frames[time].blue[place] = byte(blue)
                frames[time].red[place] = byte(red)
            }
        }
    }

    private static func byte(_ value: Float) -> UInt8 { UInt8(min(max(value + 0.5, 0), 255)) }

    /// Gain and offset from one frame's luma to the next one's; 1 and 0 where it is no change of
    /// light.
    private static func step(
        _ first: [Float],
        _ second: [Float],
        _ tuning: SaliencyTuning.Stream
    ) -> (Float, Float) {
        var (brighter, darker, count) = (0, 0, 0)
        for place in first.indices {
            let (a, b) = (first[place], second[place])
            if a > 250 && b > 250 || a < 3 && b < 3 { continue }
            count += 1
            if b > a + 0.5 { brighter += 1 }
            if b < a - 0.5 { darker += 1 }
        }
        guard 12 * count > first.count,
            Float(max(brighter, darker)) > tuning.lightShare * Float(count)
        else { return (1, 0) }
        let (low, high) = (Quantile.value(0.1, of: first), Quantile.value(0.9, of: first))
        let (newLow, newHigh) = (Quantile.value(0.1, of: second), Quantile.value(0.9, of: second))
        let gain = min(max((newHigh - newLow) / max(high - low, 1), 0.25), 4)
        return (gain, (newLow + newHigh) / 2 - gain * (low + high) / 2)
    }
}
