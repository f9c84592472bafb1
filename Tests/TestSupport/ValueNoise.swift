/// Smooth random noise in -1...1 that repeats after 64 cells. Only basic arithmetic makes it, so it
/// is the same on every machine.
package struct ValueNoise: Sendable {
    private static let cells = 64

    private let lattice: [Float]

    package init(seed: UInt64) {
        var random = RandomSource(seed: seed)
        self.init(&random)
    }

    package init(_ random: inout RandomSource) {
        var values: [Float] = []
        for _ in 0..<Self.cells * Self.cells { values.append(random.signed()) }
        lattice = values
    }

    /// Linear between the cells' corners. Positions are in cells, from -1024 on.
    package func linear(_ x: Float, _ y: Float) -> Float { value(x, y) { $0 } }

    /// Without creases at the cells' sides.
    package func smooth(_ x: Float, _ y: Float) -> Float { value(x, y) { $0 * $0 * (3 - 2 * $0) } }

    @inline(__always)
    private func value(_ x: Float, _ y: Float, _ ease: (Float) -> Float) -> Float {
        let (placeX, placeY) = (x + 1024, y + 1024)
        let (left, top) = (Int(placeX), Int(placeY))
        let (partX, partY) = (ease(placeX - Float(left)), ease(placeY - Float(top)))
        let upper = at(left, top) + (at(left + 1, top) - at(left, top)) * partX
        let lower = at(left, top + 1) + (at(left + 1, top + 1) - at(left, top + 1)) * partX
        return upper + (lower - upper) * partY
    }

    private func at(_ x: Int, _ y: Int) -> Float {
        lattice[(y & (Self.cells - 1)) * Self.cells + (x & (Self.cells - 1))]
    }
}
