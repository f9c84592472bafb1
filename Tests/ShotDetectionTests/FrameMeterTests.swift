import ShotDetection
import Testing

@Suite struct FrameMeterTests {
    @Test func theFirstFrameDiffersFromNothing() {
        var meter = FrameMeter(width: 64, height: 36, frameRate: 25)
        let measures = meter.measure(grey(64, 36) { _, _ in 100 })
        #expect(measures.content == 0)
        #expect(measures.correlation == 1)
        #expect(measures.luma == 100)
        #expect(measures.contrast == 0)
        #expect(measures.stillness == nil)
    }

    @Test func stillnessComparesFramesHalfASecondApart() {
        var meter = FrameMeter(width: 64, height: 36, frameRate: 10)
        let values = (0..<8).map { frame in
            meter.measure(grey(64, 36) { _, _ in UInt8(100 + frame) }).stillness
        }
        #expect(values == [nil, nil, nil, nil, nil, 25, 25, 25])
    }

    @Test func blackBarsAreMeasuredAtEachSide() {
        var meter = FrameMeter(width: 64, height: 40, frameRate: 25)
        let measures = meter.measure(
            grey(64, 40) { x, y in y < 4 || y >= 34 || x < 8 ? 10 : 90 }
        )
        #expect(measures.bars.top == 0.1)
        #expect(measures.bars.bottom == 0.15)
        #expect(measures.bars.left == 0.125)
        #expect(measures.bars.right == 0)
        #expect(abs(measures.blackShare - (1 - 56.0 * 30 / 2560)) < 1e-6)
    }

    @Test func theShiftIsThatOfTheCamera() {
        var meter = FrameMeter(
            width: DrawnVideo.width,
            height: DrawnVideo.height,
            frameRate: DrawnVideo.frameRate
        )
        _ = meter.measure(DrawnVideo.scene(0))
        let measures = meter.measure(DrawnVideo.scene(0, x: 16, y: -8))
        #expect(measures.alikeness > 0.9)
        #expect(measures.shiftX == 0.125)
        #expect(abs(measures.shiftY + 8.0 / 72) < 1e-6)
        #expect(measures.content > 15)
    }

    @Test func framesOfOddSizesAreMeasured() {
        for (width, height) in [(8, 8), (9, 11), (37, 64), (255, 143)] {
            var meter = FrameMeter(width: width, height: height, frameRate: 0)
            for frame in 0..<40 {
                let measures = meter.measure(
                    grey(width, height) { x, y in UInt8((x * 3 + y * 5 + frame) & 255) }
                )
                #expect(measures.luma > 0 && measures.alikeness.isFinite)
                #expect(measures.mixtures.sum().isFinite && measures.ends.sum().isFinite)
            }
        }
    }

    private func grey(_ width: Int, _ height: Int, _ value: (Int, Int) -> UInt8) -> [UInt8] {
        var frame: [UInt8] = []
        for y in 0..<height {
            for x in 0..<width { frame += [UInt8](repeating: value(x, y), count: 3) }
        }
        return frame
    }
}
