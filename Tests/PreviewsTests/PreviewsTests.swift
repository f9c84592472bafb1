import Imaging
import Previews
import Testing

@Suite struct PreviewsTests {
    @Test func constantRateShowsEveryFrameOnce() {
        for rate in [24.0, 25, 30000 / 1001.0, 60] {
            for start in [0.0, 0.016] {
                var pacer = FramePacer(rate: rate)
                // Times as Matroska has them, rounded to milliseconds.
                let times = (0..<500).map { ((Double($0) / rate + start) * 1000).rounded() / 1000 }
                pacer.begin(at: times[0])
                #expect(times.dropFirst().allSatisfy { pacer.repeats(before: $0) == 1 })
            }
        }
    }

    @Test func variableRateKeepsTheClock() {
        var pacer = FramePacer(rate: 10)
        pacer.begin(at: 0)
        #expect(pacer.repeats(before: 0.5) == 5)
        #expect(pacer.repeats(before: 0.52) == 0)
        #expect(pacer.repeats(before: 0.6) == 1)
        #expect(pacer.repeats(before: nil) == 1)
        #expect(pacer.repeats(before: 1.0) == 3)
    }

    @Test(arguments: [9.2e18, 9e12, 90_000, 1e300, Double.infinity, Double.nan])
    func noFrameIsRepeatedWithoutEnd(_ time: Double) {
        var pacer = FramePacer(rate: 240)
        pacer.begin(at: 0)
        #expect(pacer.repeats(before: time) == nil)
        #expect(pacer.repeats(before: nil) == 1)
        var late = FramePacer(rate: 10)
        late.begin(at: time)
        #expect(late.repeats(before: time + 0.1) == nil)
    }

    @Test func aVideoIsNoLongerThanADay() {
        var pacer = FramePacer(rate: 25)
        pacer.begin(at: 0)
        let counts = (1...100).map { pacer.repeats(before: Double($0) * 3000) }
        #expect(counts.prefix(28).allSatisfy { $0 == 75_000 })
        #expect(counts.suffix(60).allSatisfy { $0 == nil })
    }

    @Test(arguments: [-9.2e18, -1.0, -Double.infinity])
    func timesBeforeTheStartAreNotShown(_ time: Double) {
        var pacer = FramePacer(rate: 25)
        pacer.begin(at: 0)
        #expect(pacer.repeats(before: time) == 0)
    }

    @Test func aSlideIsShownForAnHour() {
        var pacer = FramePacer(rate: 0.1)
        pacer.begin(at: 0)
        #expect(pacer.repeats(before: 3600) == 360)
    }

    @Test func aLateStartHoldsTheFirstFrame() {
        var pacer = FramePacer(rate: 10)
        pacer.begin(at: 1)
        #expect(pacer.repeats(before: 1.1) == 11)
    }

    @Test func theOverlayTintsTheObjectOnly() {
        var image = RGBImage(width: 20, height: 20, color: (100, 100, 100))
        var mask = GrayImage(width: 20, height: 20, pixels: Array(repeating: 0, count: 400))
        for y in 5..<15 { for x in 5..<15 { mask.pixels[y * 20 + x] = 255 } }

        MaskOverlay().paint(mask, onto: &image)

        func red(_ x: Int, _ y: Int) -> UInt8 { image.pixels[(y * 20 + x) * 3] }
        #expect(red(2, 2) == 100)
        #expect(red(10, 10) > 130 && red(10, 10) < 220)
        #expect(red(5, 10) == 255, "the outline is not transparent")
    }
}
