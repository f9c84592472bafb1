import Imaging
import MaskStore
import Testing

@Suite struct MaskMetricsTests {
    private func image(_ pixels: [UInt8]) -> GrayImage {
        GrayImage(width: pixels.count, height: 1, pixels: pixels)
    }

    @Test func onlyWhatChangesBackIsFlicker() {
        var measure = MaskMetrics()
        for mask in [[0, 0, 255, 255], [255, 0, 0, 255], [0, 0, 0, 255]] as [[UInt8]] {
            measure.add(image(mask))
        }
        #expect(measure.flicker == 0.25)
        #expect(abs(measure.iou - (1.0 / 3 + 0.5) / 2) < 1e-12)
    }

    @Test func whereTheVideoChangesNothingIsCounted() {
        var measure = MaskMetrics()
        for (mask, frame) in [([0, 0], [9, 9]), ([255, 255], [9, 90]), ([0, 0], [9, 9])]
            as [([UInt8], [UInt8])]
        {
            measure.add(image(mask), frame: image(frame))
        }
        #expect(measure.flicker == 0.5)
    }

    @Test func oneMaskIsSteady() {
        var measure = MaskMetrics()
        measure.add(image([0, 255]))
        #expect(measure.flicker == 0 && measure.iou == 1)
        #expect(MaskMetrics.iou(image([0]), image([0])) == 1)
    }
}
