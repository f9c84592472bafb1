import OpticalFlow

/// Where each place of a frame was, or will be, in a neighbouring frame, and how much of what is
/// known there holds here: nothing where the colour is another one, as behind a wrong flow or an
/// edge that something vanished at.
package struct CarryPath: Sendable {
    struct Tap: Sendable {
        /// The upper left of the four places to mix.
        var corner: UInt32
        /// Parts of the right and of the lower ones, in 1/255.
        var across: UInt8
        var down: UInt8
        /// Part that is carried on, in 1/65535.
        var keep: UInt16
    }

    let taps: [Tap]
    let width: Int
    /// From a corner to the place on its right and to the one below: 0 in maps of one column or
    /// row.
    let right: Int
    let below: Int

    /// - Parameters:
    ///   - flow: to the neighbouring frame, of the map's size.
    ///   - colours: of this frame.
    ///   - other: colours of the neighbouring frame.
    ///   - size: the map's size.
    ///   - tuning: how much is carried.
    package init(
        _ flow: FlowField,
        colours: [SIMD4<Float>],
        other: [SIMD4<Float>],
        size: MapSize,
        tuning: SaliencyTuning.Carry
    ) {
        let (width, height) = (size.width, size.height)
        self.width = width
        right = width > 1 ? 1 : 0
        below = height > 1 ? width : 0
        let (right, below) = (right, below)
        let hasFlow = flow.width == width && flow.height == height
        let (lastX, lastY) = (Float(width - 1), Float(height - 1))
        let (cornerX, cornerY) = (max(width - 2, 0), max(height - 2, 0))
        let inverse = -1 / tuning.colourScale
        let share = tuning.share * 65535
        taps = [Tap](unsafeUninitializedCapacity: size.count) { taps, initialized in
            colours.withUnsafeBufferPointer { colours in
                other.withUnsafeBufferPointer { other in
                    for row in 0..<height {
                        for column in 0..<width {
                            let index = row &* width &+ column
                            let u = hasFlow ? flow.u[index] : 0
                            let v = hasFlow ? flow.v[index] : 0
                            let x = min(max(Float(column) + u, 0), lastX)
                            let y = min(max(Float(row) + v, 0), lastY)
                            let (left, top) = (min(Int(x), cornerX), min(Int(y), cornerY))
                            let (across, down) = (x - Float(left), y - Float(top))
                            let corner = top &* width &+ left
                            let upper =
                                other[corner]
                                + (other[corner &+ right] - other[corner]) * across
                            let lower =
                                other[corner &+ below]
                                + (other[corner &+ below &+ right] - other[corner &+ below])
                                * across
                            let change = upper + (lower - upper) * down - colours[index]
                            let distance = abs(change.x) + abs(change.y) + abs(change.z)
                            let keep = share * Approximations.exp(distance * inverse)
                            taps[index] = Tap(
                                corner: UInt32(truncatingIfNeeded: corner),
                                across: UInt8(across * 255 + 0.5),
                                down: UInt8(down * 255 + 0.5),
                                keep: UInt16(keep + 0.5)
                            )
                        }
                    }
                }
            }
            initialized = size.count
        }
    }

    /// Mixes what is known here with what is carried from the neighbour.
    package func carry(
        _ neighbour: UnsafePointer<Float>,
        into target: UnsafeMutablePointer<Float>,
        own: UnsafePointer<Float>
    ) {
        let (right, below) = (right, below)
        taps.withUnsafeBufferPointer { taps in
            for index in 0..<taps.count {
                let tap = taps[index]
                let value = Self.value(neighbour, tap, right, below)
                let keep = Float(tap.keep) * (1 / 65535)
                target[index] = own[index] + (value - own[index]) * keep
            }
        }
    }

    /// What the neighbour's map shows at each place of this frame.
    package func warped(_ neighbour: UnsafePointer<Float>, into target: UnsafeMutablePointer<Float>)
    {
        let (right, below) = (right, below)
        taps.withUnsafeBufferPointer { taps in
            for index in 0..<taps.count {
                target[index] = Self.value(neighbour, taps[index], right, below)
            }
        }
    }

    @inline(__always)
    private static func value(
        _ map: UnsafePointer<Float>,
        _ tap: Tap,
        _ right: Int,
        _ below: Int
    ) -> Float {
        let corner = map + Int(tap.corner)
        let across = Float(tap.across) * (1 / 255)
        let upper = corner[0] + (corner[right] - corner[0]) * across
        let lower = corner[below] + (corner[below &+ right] - corner[below]) * across
        return upper + (lower - upper) * (Float(tap.down) * (1 / 255))
    }
}
