import OpticalFlow
import Testing

/// Dense optical flow on rendered scenes whose motion is known.
@Suite struct FlowTests {
    /// Mean end-point errors, in pixels. The bar is what OpenCV's `DISOpticalFlow` has
    /// on the same images with the same preset (5.0.0, measured by `Benchmarks/flow`).
    @Test(arguments: FlowScene.all)
    func theErrorIsSmall(_ scene: FlowScene) {
        let error = Self.error(scene, .medium)
        #expect(error < 1.5, "\(scene.name): \(error)")
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
