import OpticalFlow
import TestSupport
import Testing

/// Dense optical flow on rendered scenes whose motion is known.
@Suite struct FlowTests {
    /// Mean end-point errors in pixels with the medium preset: what the flow had when this was
    /// written, and what OpenCV 5.0.0's `DISOpticalFlow` has on the same images, both from
    /// `Benchmarks/flow`.
    private static let errors: [String: (own: Float, openCV: Float)] = [
        "pan": (0.023, 0.059),
        "far pan": (0.020, 0.324),
        "fraction": (0.019, 0.038),
        "zoom": (0.143, 0.136),
        "turn": (0.130, 0.131),
        "objects": (0.210, 0.242),
        "objects before a pan": (0.249, 0.313),
        "fast object": (0.340, 0.384),
        "thin object": (0.202, 0.257),
        "light": (0.207, 0.260),
        "little contrast": (0.237, 0.309),
    ]

    @Test func theErrorsAreNoLargerThanTheyWereAndSmallerThanThoseOfOpenCV() throws {
        var (own, openCV): (Float, Float) = (0, 0)
        for scene in FlowScene.all {
            let figures = try #require(Self.errors[scene.name])
            let error = Self.error(scene, .medium)
            #expect(error < figures.own * 1.1, "\(scene.name): \(error)")
            #expect(error < figures.openCV * 1.1, "\(scene.name): \(error)")
            own += error
            openCV += figures.openCV
        }
        #expect(own < 0.8 * openCV, "\(own) of \(openCV)")
    }

    /// Each preset costs less than the one before and is worth less.
    @Test func fasterPresetsAreLessExact() {
        let errors = [FlowSettings.medium, .fast, .ultrafast].map { settings in
            FlowScene.all.map { Self.error($0, settings) }.reduce(0, +)
        }
        #expect(errors[0] < errors[1] && errors[1] < errors[2], "\(errors)")
        #expect(errors[2] < 16, "\(errors)")
    }

    /// The same image twice: no motion, whatever the size.
    @Test(arguments: [(16, 16), (17, 35), (64, 16), (107, 61), (7, 120), (1, 1), (0, 0)])
    func nothingMovesBetweenAnImageAndItself(_ width: Int, _ height: Int) {
        var random = RandomSource(seed: 3)
        let luma = (0..<width * height).map { _ in UInt8(random.next() & 255) }
        let image = FlowImage(luma: luma, width: width, height: height, settings: .medium)
        var search = DenseInverseSearch(.medium)
        let field = search.flow(from: image, to: image)
        #expect(field.width == width / 2 && field.height == height / 2)
        #expect(field.u.allSatisfy { abs($0) < 0.001 } && field.v.allSatisfy { abs($0) < 0.001 })
    }

    /// Unlike images: whatever is found is a number and not absurdly large.
    @Test(arguments: [(16, 16), (19, 33), (107, 61)])
    func theFieldIsFiniteBetweenNoiseAndFlatImages(_ width: Int, _ height: Int) {
        var random = RandomSource(seed: 4)
        let noise = (0..<2).map { _ in
            (0..<width * height).map { _ in UInt8(random.next() & 255) }
        }
        let flat = [UInt8](repeating: 255, count: width * height)
        let images = (noise + [flat]).map {
            FlowImage(luma: $0, width: width, height: height, settings: .medium)
        }
        var search = DenseInverseSearch(.medium)
        for (first, second) in [(0, 1), (0, 2), (2, 0), (2, 2)] {
            let field = search.flow(from: images[first], to: images[second])
            #expect((field.u + field.v).allSatisfy { abs($0) < Float(2 * width + 2 * height) })
        }
    }

    /// The field of the finest scale, twice as large: vectors twice as long, each over two by two
    /// samples, and the odd column repeats the last one.
    @Test func enlargingScalesVectorsAndPlaces() {
        let field = FlowField(width: 2, height: 1, u: [1, 3], v: [0, -2])
        let large = field.enlarged(scale: 1, width: 5, height: 2)
        #expect(large.u == [2, 3, 5, 6, 6, 2, 3, 5, 6, 6])
        #expect(large.v == [0, -1, -3, -4, -4, 0, -1, -3, -4, -4])
    }

    @Test func theSameImagesGiveTheSameFieldInAnyOrder() {
        var images = FlowScene.all.prefix(3).flatMap { scene in
            [scene.luma(0), scene.luma(1)].map {
                FlowImage(luma: $0, width: scene.width, height: scene.height, settings: .medium)
            }
        }
        images.append(images[0])
        var search = DenseInverseSearch(.medium)
        let pairs = [(0, 1), (1, 0), (2, 3), (4, 5), (1, 2), (6, 1)]
        let fields = pairs.map { search.flow(from: images[$0.0], to: images[$0.1]) }
        for (pair, field) in zip(pairs, fields).reversed() {
            let again = search.flow(from: images[pair.0], to: images[pair.1])
            #expect(again.u == field.u && again.v == field.v)
            var fresh = DenseInverseSearch(.medium)
            let alone = fresh.flow(from: images[pair.0], to: images[pair.1])
            #expect(alone.u == field.u && alone.v == field.v)
        }
        #expect(fields[0].u == fields[5].u)
        #expect(fields[0].u != fields[1].u)
    }

    /// Mean distance between the field and the truth.
    static func error(_ scene: FlowScene, _ settings: FlowSettings) -> Float {
        let (width, height) = (scene.width, scene.height)
        let images = (0..<2).map {
            FlowImage(luma: scene.luma($0), width: width, height: height, settings: settings)
        }
        var search = DenseInverseSearch(settings)
        let field = search.flow(from: images[0], to: images[1])
            .enlarged(scale: settings.finestScale, width: width, height: height)
        let truth = scene.truth()
        var sum: Float = 0
        for index in 0..<width * height {
            let (x, y) = (field.u[index] - truth.u[index], field.v[index] - truth.v[index])
            sum += (x * x + y * y).squareRoot()
        }
        return sum / Float(width * height)
    }
}
