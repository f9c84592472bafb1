import Imaging
import Saliency
import Testing

@Suite("Frames in, maps out")
struct TrackerTests {
    @Test("Every frame gives one map, in order", arguments: [0, 1, 2, 6, 7, 8, 21])
    func order(count: Int) {
        var scene = SampleScenes.crossing
        scene.width = 64
        scene.height = 48
        let found = maps(of: (0..<count).map(scene.frame))
        #expect(found.map { $0.frame.index } == Array(0..<count))
    }

    @Test("The look-ahead is bounded")
    func lookAhead() {
        var scene = SampleScenes.crossing
        scene.width = 64
        scene.height = 48
        var tracker = SaliencyTracker(width: 64, height: 48, settings: SaliencySettings())
        var ready = 0
        for index in 0..<30 {
            ready += tracker.add(scene.frame(index)).count
            #expect(ready >= index - 8)
        }
        #expect(ready + tracker.finish().count == 30)
        #expect(tracker.finish().isEmpty)
    }

    @Test(
        "Any size is possible",
        arguments: [
            (1, 1), (2, 2), (3, 7), (7, 3), (1, 40), (40, 1), (5, 900), (1301, 3), (227, 113),
            (450, 449), (641, 361),
        ]
    )
    func sizes(size: (Int, Int)) {
        var scene = SampleScenes.crossing
        (scene.width, scene.height) = size
        for map in maps(of: (0..<9).map(scene.frame)) {
            let mask = map.mask()
            let full = map.fullSize()
            #expect(mask.width == size.0 && mask.height == size.1)
            #expect(full.width == size.0 && full.height == size.1)
            #expect(mask.pixels.allSatisfy { $0 == 0 || $0 == 255 })
        }
    }

    @Test("A fixed threshold binarizes the map at that level")
    func fixedThreshold() {
        let scene = SampleScenes.still
        for level in [UInt8(0), 40, 128, 254] {
            let settings = SaliencySettings(threshold: .fixed(level))
            for map in maps(of: (0..<3).map(scene.frame), settings: settings) {
                let pairs = zip(map.mask().pixels, map.fullSize().pixels)
                // The map is rounded, so its own level may fall either way.
                #expect(pairs.allSatisfy { $1 == level || ($0 == 255) == ($1 > level) })
            }
        }
    }

    @Test("Settings have defaults and survive coding")
    func settings() {
        #expect(SaliencySettings().threshold == .otsu)
        #expect(SaliencySettings().smooth == 0.6)
        #expect(SaliencySettings(threshold: .fixed(9)) != SaliencySettings())
    }
}
