import OpticalFlow
import Saliency
import TestSupport
import Testing

@Suite("The camera's motion, from a flow in which other things move")
struct CameraFitTests {
    static let size = MapSize(frameWidth: 1280, frameHeight: 720, places: 6420)
    static let tuning = SaliencyTuning.standard.camera

    struct Camera: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let motion: PlanarMotion
    }

    /// From no motion to what a camera does that turns in a hand while it travels.
    static let cameras = [
        Camera("at rest", [0, 0, 0, 0, 0, 0, 0, 0]),
        Camera("pan", [3.2, 0, 0, -1.4, 0, 0, 0, 0]),
        Camera("zoom", [0, 4, 0, 0, 0, 4, 0, 0]),
        Camera("zoom out", [0.4, -2.5, 0, 0.1, 0, -2.5, 0, 0]),
        Camera("turn", [0, -0.05, 2.4, 0, -2.4, -0.05, 0, 0]),
        Camera("tilted plane", [1, 0.8, -0.5, 0.3, 0.2, 1.6, 1.1, -0.7]),
        Camera("everything", [-6, 2, 1.5, 4, -1.5, 2.4, -0.9, 1.3]),
    ]

    /// The motion's flow; where `other` has a value, that one.
    static func flow(
        _ motion: PlanarMotion,
        noise: Float = 0,
        _ other: (Int, Int) -> (u: Float, v: Float)? = { _, _ in nil }
    ) -> FlowField {
        var field = FlowField(width: size.width, height: size.height)
        var random = RandomSource(seed: 11)
        for row in 0..<size.height {
            for column in 0..<size.width {
                let (x, y) = position(column, row)
                let flow = other(column, row) ?? motion.motion(x: x, y: y)
                field.u[row * size.width + column] = flow.u + random.signed() * noise
                field.v[row * size.width + column] = flow.v + random.signed() * noise
            }
        }
        return field
    }

    static func position(_ column: Int, _ row: Int) -> (x: Float, y: Float) {
        (
            (Float(column) - Float(size.width) / 2) / size.unit,
            (Float(row) - Float(size.height) / 2) / size.unit
        )
    }

    /// The greatest distance between two motions over the map, in places.
    private func distance(_ first: PlanarMotion, _ second: PlanarMotion) -> Float {
        var greatest: Float = 0
        for row in 0..<Self.size.height {
            for column in 0..<Self.size.width {
                let (x, y) = Self.position(column, row)
                let (a, b) = (first.motion(x: x, y: y), second.motion(x: x, y: y))
                greatest = max(greatest, abs(a.u - b.u), abs(a.v - b.v))
            }
        }
        return greatest
    }

    private func fit(_ flow: FlowField, valid: [Bool]? = nil) -> PlanarMotionFit.Result {
        PlanarMotionFit(size: Self.size, tuning: Self.tuning).fit(flow, valid: valid)
    }

    @Test("The motion is recovered", arguments: cameras)
    func recovered(camera: Camera) {
        let result = fit(Self.flow(camera.motion))
        #expect(distance(result.motion, camera.motion) < 0.01)
        #expect(result.noise < 0.02)
    }

    @Test("Noise averages out and is reported", arguments: cameras)
    func noisy(camera: Camera) {
        let result = fit(Self.flow(camera.motion, noise: 0.4))
        #expect(distance(result.motion, camera.motion) < 0.15)
        // The median length of vectors that are even over a square of 0.8.
        #expect(abs(result.noise - 0.32) < 0.03)
    }

    @Test("An object that moves by itself does not count", arguments: cameras)
    func object(camera: Camera) {
        let flow = Self.flow(camera.motion, noise: 0.1) { column, row in
            // A third of the map, off the middle.
            guard (30..<80).contains(column), (12..<54).contains(row) else { return nil }
            let (x, y) = Self.position(column, row)
            let own = camera.motion.motion(x: x, y: y)
            return (own.u + 2.5, own.v - 1.5)
        }
        let result = fit(flow)
        #expect(distance(result.motion, camera.motion) < 0.1)
        let rest = result.motion.residual(of: flow, size: Self.size)
        let inside = 30 * Self.size.width + 50
        #expect(abs(rest.u[inside] - 2.5) < 0.25 && abs(rest.v[inside] + 1.5) < 0.25)
        let outside = 5 * Self.size.width + 5
        #expect(abs(rest.u[outside]) < 0.25 && abs(rest.v[outside]) < 0.25)
    }

    @Test("A camera that turns about its own axes: a homography", arguments: [-0.02, 0.01, 0.03])
    func homography(angle: Float) {
        // Small angles about the vertical and the horizontal axis, a lens as long as the frame is
        // half wide. With (x, y) in half longer sides, x' = (x + a) / (1 - a x - b y).
        let (a, b) = (angle, angle / 2)
        let flow = Self.flow(PlanarMotion()) { column, row in
            let (x, y) = Self.position(column, row)
            let depth = 1 - a * x - b * y
            return (
                ((x + a) / depth - x) * Self.size.unit, ((y + b) / depth - y) * Self.size.unit
            )
        }
        let result = fit(flow)
        let rest = result.motion.residual(of: flow, size: Self.size)
        // The quadratic model leaves out terms of the square of the angle.
        let left = (rest.u + rest.v).map { abs($0) }.max() ?? 0
        let length = (flow.u + flow.v).map { abs($0) }.max() ?? 0
        #expect(left < 0.06 * length, "\(left) of \(length)")
    }

    @Test("Places that show no scene are passed over: bars, a logo and text")
    func covered() {
        let camera = Self.cameras[6].motion
        let (width, height) = (Self.size.width, Self.size.height)
        let valid = (0..<Self.size.count).map { place in
            let (column, row) = (place % width, place / width)
            let isBar = row < height / 5 || row >= height - height / 5
            let isLogo = column > width - 20 && row < 25
            let isText = (10..<90).contains(column) && (40..<46).contains(row)
            return !(isBar || isLogo || isText)
        }
        let flow = Self.flow(camera, noise: 0.1) { column, row in
            valid[row * width + column] ? nil : (0, 0)
        }
        let result = fit(flow, valid: valid)
        #expect(distance(result.motion, camera) < 0.15)
        // Without the mask the bars, which are more than half of what counts, would draw it away.
        #expect(distance(fit(flow).motion, camera) > 1)
    }

    @Test("Where too little is left there is no motion")
    func tooLittle() {
        let flow = Self.flow(Self.cameras[1].motion)
        let none = [Bool](repeating: false, count: Self.size.count)
        #expect(fit(flow, valid: none).motion == PlanarMotion())
        #expect(fit(FlowField(width: 3, height: 2)).motion == PlanarMotion())
        // One column: positions do not tell a zoom from nothing, and the fit stays finite.
        let line = MapSize(frameWidth: 2, frameHeight: 900, places: 6420)
        let field = FlowField(
            width: line.width,
            height: line.height,
            u: [Float](repeating: 2, count: line.count),
            v: [Float](repeating: -1, count: line.count)
        )
        let motion = PlanarMotionFit(size: line, tuning: Self.tuning).fit(field).motion
        #expect(motion.values.allSatisfy { $0.isFinite })
    }
}

extension CameraFitTests.Camera {
    fileprivate init(_ name: String, _ values: [Float]) {
        self.init(testDescription: name, motion: PlanarMotion(values: values))
    }
}
