import OpticalFlow

/// How far a frame's luma is from that of another one that a motion leads to: means over the four
/// fine samples of each place of the differences, in steps of a byte. -1 where the motion leaves
/// the image.
enum PhotometricError {
    typealias Fine = UnsafePointer<UInt8>

    /// With the camera's motion to the neighbouring frame.
    static func ofCamera(
        _ frame: Fine,
        _ other: Fine,
        _ motion: PlanarMotion,
        size: MapSize
    ) -> [Float] {
        let steps = CameraSteps(size: size, frames: [other], motions: [motion])
        return steps.errors(of: frame)
    }

    /// With the flow itself, whose ends are kept inside the image.
    static func ofFlow(_ frame: Fine, _ other: Fine, _ flow: FlowField, size: MapSize) -> [Float] {
        let (width, height) = (size.width, size.height)
        guard flow.width == width, flow.height == height else {
            return [Float](repeating: -1, count: size.count)
        }
        let fineWidth = size.flowWidth
        let (lastX, lastY) = (Float(fineWidth - 1), Float(size.flowHeight - 1))
        var errors = [Float](repeating: 0, count: size.count)
        flow.u.withUnsafeBufferPointer { u in
            flow.v.withUnsafeBufferPointer { v in
                for row in 0..<height {
                    for column in 0..<width {
                        var sum: Float = 0
                        for dy in 0..<2 {
                            let far = min(max(row &+ 2 &* dy &- 1, 0), height &- 1) &* width
                            let near = row &* width
                            for dx in 0..<2 {
                                let aside = min(max(column &+ 2 &* dx &- 1, 0), width &- 1)
                                // A fine sample is a quarter of a place from its place's centre.
                                let flowU = mixed(u, near, far, column, aside)
                                let flowV = mixed(v, near, far, column, aside)
                                let (x, y) = (2 &* column &+ dx, 2 &* row &+ dy)
                                let atX = min(max(Float(x) + 2 * flowU, 0), lastX)
                                let atY = min(max(Float(y) + 2 * flowV, 0), lastY)
                                let own = frame[y &* fineWidth &+ x]
                                sum += difference(own, other, atX, atY, size)
                            }
                        }
                        errors[row &* width &+ column] = sum * 0.25
                    }
                }
            }
        }
        return errors
    }

    @inline(__always)
    private static func mixed(
        _ values: UnsafeBufferPointer<Float>,
        _ near: Int,
        _ far: Int,
        _ column: Int,
        _ aside: Int
    ) -> Float {
        let here = values[near &+ column] * 0.75 + values[far &+ column] * 0.25
        let there = values[near &+ aside] * 0.75 + values[far &+ aside] * 0.25
        return here * 0.75 + there * 0.25
    }

    /// Between a sample and a position in another frame, which is inside it.
    @inline(__always)
    static func difference(
        _ own: UInt8,
        _ other: Fine,
        _ x: Float,
        _ y: Float,
        _ size: MapSize
    ) -> Float {
        let left = min(Int(x), max(size.flowWidth &- 2, 0))
        let top = min(Int(y), max(size.flowHeight &- 2, 0))
        let (across, down) = (x - Float(left), y - Float(top))
        let corner = other + (top &* size.flowWidth &+ left)
        let below = corner + size.flowWidth
        let (a, b) = (Float(corner[0]), Float(corner[1]))
        let (c, d) = (Float(below[0]), Float(below[1]))
        let upper = a + (b - a) * across
        let lower = c + (d - c) * across
        return abs(upper + (lower - upper) * down - Float(own))
    }
}
