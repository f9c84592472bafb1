/// How well a camera motion explains one frame's luma by another's, and the step to a better one.
struct CameraFit {
    /// Marks samples that come from outside the other frame.
    static let nowhere: Float = -1

    private let frame: Plane
    /// The other frame seen through the motion, or `nowhere`.
    private let seen: Plane
    /// How the other frame's brightness follows from this one's.
    let brightness: Brightness

    init(
        from frame: Plane,
        to other: Plane,
        motion: CameraMotion,
        known: Brightness = Brightness()
    ) {
        self.frame = frame
        seen = Warp(motion, width: frame.width, height: frame.height)
            .apply(to: other, outside: Self.nowhere)
        brightness = Brightness(frame, seen, known: known)
    }

    /// Mean absolute residual in grey levels.
    var meanResidual: Float {
        var total = 0
        var sum = 0
        for (bin, count) in brightness.residuals(frame, seen).enumerated() {
            total += count
            sum += count * bin
        }
        return total > 0 ? Float(sum) / Float(total) / Brightness.bins : .infinity
    }

    /// The Gauss-Newton step: from the frame's places to slightly different ones of the frame,
    /// found from every `every`-th row; nil where the picture does not determine a motion.
    func step(every: Int) -> CameraMotion? {
        let width = frame.width
        let height = frame.height
        let unit = Float(max(width, height)) / 2
        let (gain, offset) = (brightness.gain, brightness.offset)
        let inverseCut = 1 / max(4.685 * 1.4826 * brightness.medianResidual, 4)
        let slope = 0.5 * gain * unit
        var equations = AffineEquations()
        let a = frame.values.span
        let b = seen.values.span
        let centreX = Float(width - 1) / 2
        let centreY = Float(height - 1) / 2
        for y in stride(from: 1, to: height - 1, by: every) {
            let isOuterRow = y * 6 < height || (height - 1 - y) * 6 < height
            equations.beginRow()
            for x in 1..<width - 1 {
                let at = y &* width &+ x
                let other = b[unchecked: at]
                let residual = other - gain * a[unchecked: at] - offset
                let ratio = residual * inverseCut
                let rest = 1 - ratio * ratio
                if other < 0 || rest <= 0 { continue }
                // An object is rarely at the border: what moves there is the camera.
                let isOuter = isOuterRow || x * 6 < width || (width - 1 - x) * 6 < width
                let weight = isOuter ? rest * rest : rest * rest * 0.4
                equations.add(
                    gradientX: (a[unchecked: at &+ 1] - a[unchecked: at &- 1]) * slope,
                    gradientY: (a[unchecked: at &+ width] - a[unchecked: at &- width]) * slope,
                    residual: residual,
                    weight: weight,
                    x: (Float(x) - centreX) / unit
                )
            }
            equations.endRow(y: (Float(y) - centreY) / unit)
        }
        return equations.solved()
    }
}
