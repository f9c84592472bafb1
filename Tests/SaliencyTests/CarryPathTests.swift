import OpticalFlow
import Saliency
import TestSupport
import Testing

@Suite("Evidence that is carried along the flow")
struct CarryPathTests {
    private static let size = MapSize(frameWidth: 400, frameHeight: 224, places: 1400)
    private static let share = SaliencyTuning.standard.carry.share
    private static let grey = SIMD4<Float>(120, 128, 128, 0)
    private static let red = SIMD4<Float>(120, 190, 160, 0)

    /// A motion that is the same everywhere.
    private func flow(_ u: Float, _ v: Float, size: MapSize = size) -> FlowField {
        FlowField(
            width: size.width,
            height: size.height,
            u: [Float](repeating: u, count: size.count),
            v: [Float](repeating: v, count: size.count)
        )
    }

    private func plain(_ colour: SIMD4<Float> = grey, size: MapSize = size) -> [SIMD4<Float>] {
        [SIMD4<Float>](repeating: colour, count: size.count)
    }

    private func path(
        _ flow: FlowField,
        _ colours: [SIMD4<Float>],
        _ other: [SIMD4<Float>],
        size: MapSize = size
    ) -> CarryPath {
        CarryPath(
            flow,
            colours: colours,
            other: other,
            size: size,
            tuning: SaliencyTuning.standard.carry
        )
    }

    /// What a path makes of a neighbour's map and the frame's own.
    private func carried(_ path: CarryPath, _ neighbour: [Float], own: [Float]) -> [Float] {
        var result = own
        result.withUnsafeMutableBufferPointer { target in
            neighbour.withUnsafeBufferPointer { neighbour in
                own.withUnsafeBufferPointer { own in
                    guard let target = target.baseAddress, let own = own.baseAddress,
                        let neighbour = neighbour.baseAddress
                    else { return }
                    path.carry(neighbour, into: target, own: own)
                }
            }
        }
        return result
    }

    private func warped(_ path: CarryPath, _ neighbour: [Float]) -> [Float] {
        var result = neighbour
        result.withUnsafeMutableBufferPointer { target in
            neighbour.withUnsafeBufferPointer { neighbour in
                guard let target = target.baseAddress, let neighbour = neighbour.baseAddress
                else { return }
                path.warped(neighbour, into: target)
            }
        }
        return result
    }

    private func map(_ value: (Int, Int) -> Float, size: MapSize = size) -> [Float] {
        (0..<size.count).map { value($0 % size.width, $0 / size.width) }
    }

    @Test("It arrives where the flow leads, whole and in part", arguments: [0, 0.25, 0.5])
    func arrives(part: Float) {
        // Linear in the position, so every mix of four places is known.
        let ramp = map { Float($0) * 0.01 + Float($1) * 0.005 }
        let path = path(flow(3 + part, -2), plain(), plain())
        let result = warped(path, ramp)
        let size = Self.size
        for (row, column) in [(2, 0), (10, 20), (size.height - 1, size.width - 5)] {
            let expected = ramp[(row - 2) * size.width + column + 3] + 0.01 * part
            #expect(abs(result[row * size.width + column] - expected) < 1e-4)
        }
    }

    @Test("Where colours agree, the documented part is carried")
    func agreeing() {
        let ones = [Float](repeating: 1, count: Self.size.count)
        let zeros = [Float](repeating: 0, count: Self.size.count)
        let path = path(flow(1.5, 0.5), plain(), plain())
        for value in carried(path, ones, own: zeros) { #expect(abs(value - Self.share) < 1e-4) }
        for value in carried(path, zeros, own: ones) { #expect(abs(value - 1 + Self.share) < 1e-4) }
    }

    @Test("Beyond the edge of the frame it comes from the edge")
    func edges() {
        let ramp = map { Float($0) + 100 * Float($1) }
        let size = Self.size
        let far = warped(path(flow(-1000, 1000), plain(), plain()), ramp)
        #expect(far.allSatisfy { abs($0 - ramp[(size.height - 1) * size.width]) < 0.01 })
    }

    @Test("Nothing is carried to what was covered, or will be")
    func occluded() {
        // A red square that moves 6 to the right over grey ground, which rests.
        let size = Self.size
        let now = map { (10..<20).contains($0) && (8..<18).contains($1) ? 1 : 0 }
        let next = map { (16..<26).contains($0) && (8..<18).contains($1) ? 1 : 0 }
        let forward = FlowField(
            width: size.width,
            height: size.height,
            u: now.map { $0 * 6 },
            v: map { _, _ in 0 }
        )
        let colours = now.map { $0 > 0 ? Self.red : Self.grey }
        let other = next.map { $0 > 0 ? Self.red : Self.grey }
        // The next frame's evidence is the object; this frame knows nothing.
        let result = carried(path(forward, colours, other), next, own: map { _, _ in 0.5 })
        let object = result[12 * size.width + 14]
        #expect(abs(object - 0.5 - 0.5 * Self.share) < 1e-3)
        // Ground that the object is about to cover: the square's 1 must not come here.
        for column in 20..<26 {
            #expect(abs(result[12 * size.width + column] - 0.5) < 0.02, "\(column)")
        }
        // Free ground learns that it is ground.
        #expect(result[12 * size.width + 35] < 0.5 - 0.45 * Self.share)
    }

    @Test("Where the flows forwards and backwards do not agree, colours stop it")
    func disagreeing() {
        // Ground of many colours. The flow is wrong by several places in its right half, so the way
        // there and back does not end where it began.
        let size = Self.size
        var random = RandomSource(seed: 4)
        let ground = (0..<size.count).map { _ in
            SIMD4(128 + 100 * random.signed(), 128 + 60 * random.signed(), 128, 0)
        }
        var wrong = flow(0, 0)
        for place in wrong.u.indices where place % size.width >= size.width / 2 {
            wrong.u[place] = -7
            wrong.v[place] = 3
        }
        let ones = map { _, _ in 1 }
        let result = carried(path(wrong, ground, ground), ones, own: map { _, _ in 0 })
        let right = result.indices.filter { $0 % size.width >= size.width / 2 }.map { result[$0] }
        let left = result.indices.filter { $0 % size.width < size.width / 2 }.map { result[$0] }
        #expect(left.allSatisfy { abs($0 - Self.share) < 1e-3 })
        #expect(right.sorted()[right.count / 2] < 0.05)
    }

    @Test("What comes out is between what is here and what is there")
    func bounded() {
        let size = Self.size
        var random = RandomSource(seed: 5)
        func numbers(_ greatest: Float) -> [Float] {
            (0..<size.count).map { _ in random.signed() * greatest }
        }
        let field = FlowField(width: size.width, height: size.height, u: numbers(9), v: numbers(9))
        let colours = (0..<2).map { _ in
            numbers(20).map { SIMD4<Float>(128 + $0, 128, 128, 0) }
        }
        let path = path(field, colours[0], colours[1])
        let (there, own) = (numbers(1), numbers(1))
        let arriving = warped(path, there)
        for (index, value) in carried(path, there, own: own).enumerated() {
            let (least, most) = (min(own[index], arriving[index]), max(own[index], arriving[index]))
            #expect(value >= least - 1e-5 && value <= most + 1e-5)
        }
        #expect(arriving.allSatisfy { abs($0) <= 1 })
    }

    @Test("Maps of one row or column work", arguments: [(1, 900), (900, 1), (1, 1)])
    func thin(frame: (Int, Int)) {
        let size = MapSize(frameWidth: frame.0, frameHeight: frame.1, places: 6420)
        let path = path(
            flow(1, 1, size: size),
            plain(size: size),
            plain(size: size),
            size: size
        )
        let ramp = map({ Float($0 + $1) }, size: size)
        let last = Float(size.count - 1)
        let expected = ramp.map { min($0 + 1, last) }
        #expect(zip(warped(path, ramp), expected).allSatisfy { abs($0 - $1) < 0.01 })
    }

    @Test("A flow of another size moves nothing")
    func without() {
        let ramp = map { column, _ in Float(column) }
        let path = path(FlowField(width: 2, height: 2), plain(), plain())
        #expect(zip(warped(path, ramp), ramp).allSatisfy { abs($0 - $1) < 1e-3 })
    }
}
