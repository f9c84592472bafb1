import Imaging
import Saliency
import Testing

@Suite("Frames in, maps out")
struct AnalyzerTests {
    private func small(_ width: Int = 64, _ height: Int = 48) -> Scene {
        var scene = SampleScenes.crossing
        (scene.width, scene.height) = (width, height)
        return scene
    }

    @Test("Every frame gives one map, in order", arguments: [0, 1, 2, 8, 9, 10, 21])
    func order(count: Int) {
        let found = maps(of: (0..<count).map(small().frame))
        #expect(found.map(\.frame) == Array(0..<count))
    }

    @Test("Maps come at most a window and a few frames late")
    func delay() {
        let scene = small()
        var analyzer = SaliencyAnalyzer(width: 64, height: 48, frameRate: 5)
        var ready = 0
        for index in 0..<150 {
            ready += analyzer.add(scene.frame(index)).count
            #expect(ready >= index - 100)
        }
        #expect(ready + analyzer.finish().count == 150)
        #expect(analyzer.finish().isEmpty)
    }

    @Test(
        "Any size is possible",
        arguments: [
            (1, 1), (2, 2), (3, 7), (7, 3), (1, 40), (40, 1), (5, 900), (1301, 3), (227, 113),
            (450, 449), (361, 641),
        ]
    )
    func sizes(size: (Int, Int)) {
        let frames = (0..<9).map(small(size.0, size.1).frame)
        let found = masks(of: frames)
        #expect(found.count == 9)
        for mask in found {
            #expect(mask.width == size.0 && mask.height == size.1)
            #expect(mask.pixels.allSatisfy { $0 == 0 || $0 == 255 })
        }
    }

    @Test("The same frames give the same maps")
    func determinism() {
        let frames = (0..<16).map(SampleScenes.crossing.frame)
        #expect(maps(of: frames) == maps(of: frames))
    }

    @Test("A mask can be drawn in another thread and more than once")
    func parallel() async {
        let frames = (0..<8).map(SampleScenes.crossing.frame)
        let found = maps(of: frames)
        let drawing = MaskDrawing(width: 320, height: 180)
        let here = zip(found, frames).map { drawing.mask(of: $0, over: $1) }
        let there = await withTaskGroup(of: (Int, GrayImage).self) { group in
            for (index, map) in found.enumerated() {
                group.addTask { (index, drawing.mask(of: map, over: frames[index])) }
            }
            return await group.reduce(into: [Int: GrayImage]()) { $0[$1.0] = $1.1 }
        }
        #expect(here.indices.allSatisfy { there[$0] == here[$0] })
    }
}
