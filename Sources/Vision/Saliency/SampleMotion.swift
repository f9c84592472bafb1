/// A camera motion in sample coordinates: (x, y) goes to (xx x + xy y + x0, yx x + yy y + y0).
struct SampleMotion: Sendable {
    let xx: Float
    let xy: Float
    let x0: Float
    let yx: Float
    let yy: Float
    let y0: Float
}
