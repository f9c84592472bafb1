/// What stands out from the frame's border by its appearance alone, 0...1 in absolute terms: a
/// frame in which nothing does gives a map near 0.
struct Appearance {
    /// What stands out, 0...1.
    let saliency: Plane
    /// 0...1, how high the barrier is that separates a sample from the border.
    let separation: Plane

    /// - Parameters:
    ///   - colours: L, a and b of every place, interleaved.
    ///   - size: the map's size.
    ///   - tuning: the numbers of the measures.
    init(_ colours: [UInt8], size: MapSize, tuning: SaliencyTuning.Appearance) {
        let places = ColourPlaces(colours, width: size.width, height: size.height)
        let barrier = BarrierDistance.toBorder(
            places.values,
            width: size.width,
            height: size.height,
            passes: tuning.barrierPasses
        )
        let contrast = BorderContrast.measure(places, tuning)
        let width = barrier.width
        let height = barrier.height
        let ground = Self.backgroundLevel(barrier, tuning)
        var result = Plane(unwritten: width, height)
        let distance = barrier.values.span
        let deviation = contrast.values.span
        var target = result.values.mutableSpan
        var separated = Plane(unwritten: width, height)
        var part = separated.values.mutableSpan
        let centreX = Float(width - 1) / 2
        let centreY = Float(height - 1) / 2
        let scaleX = 1 / max(centreX, 1)
        let scaleY = 1 / max(centreY, 1)
        for y in 0..<height {
            let down = (Float(y) - centreY) * scaleY
            for x in 0..<width {
                let index = y &* width &+ x
                let across = (Float(x) - centreX) * scaleX
                let centre = 1 - tuning.centreBias * (across * across + down * down)
                let above = max(distance[unchecked: index] - ground, 0)
                let separation = above / (above + tuning.halfBarrier)
                part[unchecked: index] = separation
                let excess = deviation[unchecked: index] - tuning.leastContrast
                let unlike = min(max(excess * tuning.contrastSlope, 0), 1)
                target[unchecked: index] = (separation * unlike).squareRoot() * centre
            }
        }
        saliency = result
        self.separation = separated
    }

    /// The barriers that the background's own texture makes: what is usual just inside the border.
    private static func backgroundLevel(
        _ barrier: Plane,
        _ tuning: SaliencyTuning.Appearance
    ) -> Float {
        let width = barrier.width
        let height = barrier.height
        let inset = max(tuning.leastInset, min(width, height) / tuning.ringFraction)
        guard width > 2 * inset, height > 2 * inset else { return 0 }
        var ring: [Float] = []
        for x in inset..<width - inset {
            ring.append(barrier.values[inset * width + x])
            ring.append(barrier.values[(height - 1 - inset) * width + x])
        }
        for y in inset..<height - inset {
            ring.append(barrier.values[y * width + inset])
            ring.append(barrier.values[y * width + width - 1 - inset])
        }
        ring.sort()
        let level = tuning.ringScale * ring[ring.count / 2] + tuning.ringOffset
        return min(level, tuning.greatestRing)
    }
}

/// The colours of a frame's places.
struct ColourPlaces {
    let width: Int
    let height: Int
    /// L, a and b; the fourth lane is 0.
    let values: [SIMD4<Float>]

    init(_ bytes: [UInt8], width: Int, height: Int) {
        (self.width, self.height) = (width, height)
        values = (0..<width * height).map { (place: Int) -> SIMD4<Float> in
            let first = 3 * place
            let (light, a, b) = (
                Float(bytes[first]), Float(bytes[first + 1]), Float(bytes[first + 2])
            )
            return SIMD4<Float>(light, a, b, 0)
        }
    }
}
