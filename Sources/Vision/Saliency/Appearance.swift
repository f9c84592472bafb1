/// What stands out from the frame's border by its looks alone, 0...1 in absolute terms: a picture
/// in which nothing does gives a map near 0.
struct Appearance {
    /// What stands out, 0...1.
    let salient: Plane
    /// 0...1, how high the barrier is that parts a place from the border.
    let apart: Plane

    init(_ small: SmallFrame) {
        let barrier = BarrierDistance.toBorder(small)
        let contrast = BorderContrast.measure(small)
        let width = barrier.width
        let height = barrier.height
        let ground = Self.groundLevel(barrier)
        var result = Plane(unwritten: width, height)
        let distance = barrier.values.span
        let deviation = contrast.values.span
        var target = result.values.mutableSpan
        var parted = Plane(unwritten: width, height)
        var part = parted.values.mutableSpan
        let centreX = Float(width - 1) / 2
        let centreY = Float(height - 1) / 2
        let scaleX = 1 / max(centreX, 1)
        let scaleY = 1 / max(centreY, 1)
        for y in 0..<height {
            let down = (Float(y) - centreY) * scaleY
            for x in 0..<width {
                let index = y &* width &+ x
                let across = (Float(x) - centreX) * scaleX
                // Mild, as objects do leave the centre.
                let centre = 1 - 0.15 * (across * across + down * down)
                let above = max(distance[unchecked: index] - ground, 0)
                let apart = above / (above + 25)
                part[unchecked: index] = apart
                let unlike = min(max((deviation[unchecked: index] - 2.2) * 0.4, 0), 1)
                target[unchecked: index] = (apart * unlike).squareRoot() * centre
            }
        }
        salient = result
        self.apart = parted
    }

    /// The barriers that the background's own texture makes: what is usual just inside the border.
    private static func groundLevel(_ barrier: Plane) -> Float {
        let width = barrier.width
        let height = barrier.height
        let inset = max(2, min(width, height) / 24)
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
        // Of a frame that an object nearly fills, the ring lies inside the object.
        return min(1.3 * ring[ring.count / 2] + 4, 40)
    }
}
