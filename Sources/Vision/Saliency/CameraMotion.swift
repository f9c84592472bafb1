/// Where the camera's own motion takes the places of one picture in another: an affine map.
///
/// Coordinates are counted from the picture's centre in units of half its longer side, so that
/// one motion serves every level of a pyramid.
struct CameraMotion: Sendable {
    var xx: Float = 1
    var xy: Float = 0
    var dx: Float = 0
    var yx: Float = 0
    var yy: Float = 1
    var dy: Float = 0

    /// First `inner`, then this motion.
    func after(_ inner: CameraMotion) -> CameraMotion {
        CameraMotion(
            xx: xx * inner.xx + xy * inner.yx,
            xy: xx * inner.xy + xy * inner.yy,
            dx: xx * inner.dx + xy * inner.dy + dx,
            yx: yx * inner.xx + yy * inner.yx,
            yy: yx * inner.xy + yy * inner.yy,
            dy: yx * inner.dx + yy * inner.dy + dy
        )
    }

    /// The way back; the motion itself must not be degenerate (see `isPlausible`).
    var inverse: CameraMotion {
        let scale = 1 / (xx * yy - xy * yx)
        return CameraMotion(
            xx: yy * scale,
            xy: -xy * scale,
            dx: (xy * dy - yy * dx) * scale,
            yx: -yx * scale,
            yy: xx * scale,
            dy: (yx * dx - xx * dy) * scale
        )
    }

    /// No camera turns, zooms or shears more than this within a few frames: a motion that does
    /// was fitted to something else.
    var isPlausible: Bool {
        let bound: Float = 0.25
        return abs(xx - 1) < bound && abs(yy - 1) < bound && abs(xy) < bound && abs(yx) < bound
            && abs(dx) < 0.8 && abs(dy) < 0.8
    }

    /// The motion in the sample coordinates of a picture.
    func inSamples(width: Int, height: Int) -> SampleMotion {
        let unit = Float(max(width, height)) / 2
        let centreX = Float(width - 1) / 2
        let centreY = Float(height - 1) / 2
        return SampleMotion(
            xx: xx,
            xy: xy,
            x0: dx * unit + centreX - xx * centreX - xy * centreY,
            yx: yx,
            yy: yy,
            y0: dy * unit + centreY - yx * centreX - yy * centreY
        )
    }
}
