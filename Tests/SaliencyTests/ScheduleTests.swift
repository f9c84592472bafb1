import Dispatch
import Imaging
import Saliency
import Testing

@Suite("The same maps, however the work is spread")
struct ScheduleTests {
    private static let frames: [VideoFrame] = {
        var first = SampleScenes.crossing
        first.pan = { (-3 * Float($0), Float($0)) }
        var second = SampleScenes.still
        second.background = Texture(colour: (60, 135, 120), contrast: 25, seed: 7)
        let all = (0..<22).map(first.frame) + (0..<14).map(second.frame)
        return all.enumerated().map { $1.numbered($0) }
    }()

    private static let usual = maps(of: frames)

    /// A comparison that is not printed.
    private func isUsual(_ maps: [ObjectMap]) -> Bool { maps == Self.usual }

    /// Calls pieces in threads of its own, each taking every so many-th.
    private static func spread(over threads: Int) -> Parallel.Scheduler {
        Parallel.Scheduler { count, body in
            withoutActuallyEscaping(body) { body in
                let group = DispatchGroup()
                for thread in 0..<threads {
                    DispatchQueue(label: "thread \(thread)").async(group: group) {
                        for piece in stride(from: thread, to: count, by: threads) { body(piece) }
                    }
                }
                group.wait()
            }
        }
    }

    @Test("One, two and five threads give the same bytes", arguments: [1, 2, 5])
    func threads(count: Int) {
        let found = Parallel.$scheduler.withValue(Self.spread(over: count)) {
            maps(of: Self.frames)
        }
        #expect(isUsual(found))
        let masks = zip(found, Self.frames).map {
            MaskDrawing(width: 320, height: 180).mask(of: $0, over: $1)
        }
        let usual = zip(Self.usual, Self.frames).map {
            MaskDrawing(width: 320, height: 180).mask(of: $0, over: $1)
        }
        let isSame = masks == usual
        #expect(isSame)
    }

    @Test("Pieces in reverse order give the same bytes")
    func reversed() {
        let backwards = Parallel.Scheduler { count, body in
            for piece in (0..<count).reversed() { body(piece) }
        }
        let found = Parallel.$scheduler.withValue(backwards) { maps(of: Self.frames) }
        #expect(isUsual(found))
    }

    @Test("Several analyses at once do not disturb each other")
    func together() async {
        let all = await withTaskGroup(of: [ObjectMap].self) { group in
            for _ in 0..<3 { group.addTask { maps(of: Self.frames) } }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(all.count == 3 && all.allSatisfy(isUsual))
    }

    @Test(
        "A scene that fits a window has the same maps in any longer one",
        arguments: [40, 64, 240]
    )
    func longerWindows(frames: Int) {
        var tuning = SaliencyTuning.standard
        (tuning.input.window, tuning.input.overlap) = (Double(frames) / 25, 1)
        #expect(isUsual(maps(of: Self.frames, tuning: tuning)))
    }

    @Test(
        "Short windows, whatever they share, give every frame its map",
        arguments: [(6, 2), (9, 8)]
    )
    func shortWindows(length: Int, overlap: Int) {
        var tuning = SaliencyTuning.standard
        tuning.input.window = Double(length) / 25
        tuning.input.overlap = Double(overlap) / 25
        let frames = Array(Self.frames.prefix(22))
        let found = maps(of: frames, tuning: tuning)
        #expect(found.map(\.frame) == Array(0..<22))
        let drawing = MaskDrawing(width: 320, height: 180)
        for (index, map) in found.enumerated() {
            let mask = drawing.mask(of: map, over: frames[index])
            let usual = drawing.mask(of: Self.usual[index], over: frames[index])
            #expect(iou(mask, usual.pixels.map { $0 == 255 }) > 0.85, "\(index)")
        }
    }

    @Test(
        "What came before a scene does not change it, so a run may begin there",
        arguments: [10, 200]
    )
    func resumed(window: Int) {
        var tuning = SaliencyTuning.standard
        (tuning.input.window, tuning.input.overlap) = (Double(window) / 25, 0.12)
        let second = Self.frames.dropFirst(22).map { $0.numbered($0.index - 22) }
        let whole = maps(of: Self.frames, tuning: tuning).dropFirst(22)
        let alone = maps(of: second, tuning: tuning)
        #expect(alone.count == 14 && whole.count == 14)
        for (map, other) in zip(alone, whole) { #expect(map.shows(other), "\(map.frame)") }
    }
}
