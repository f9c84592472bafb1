import Imaging
import MaskStore
import TestSupport
import Testing

/// J and F, with what the benchmark's own evaluation gives for the same masks.
@Suite struct ContourAccuracyTests {
    private func image(_ rows: [String]) -> GrayImage {
        let pixels = rows.joined().utf8.map { $0 == UInt8(ascii: "#") ? 255 : 0 as UInt8 }
        return GrayImage(width: rows[0].utf8.count, height: rows.count, pixels: pixels)
    }

    @Test func everyFrameHasTheScoresOfTheBenchmark() throws {
        for sequence in try DavisSequence.read() {
            for (index, frame) in sequence.frames.enumerated() {
                let (mask, truth) = (sequence.drawn(frame.mask), sequence.drawn(frame.truth))
                let name = "\(sequence.width)x\(sequence.height), frame \(index)"
                #expect(abs(MaskMetrics.iou(mask, truth) - frame.j) < 1e-9, "\(name)")
                #expect(abs(ContourAccuracy.f(mask, truth) - frame.f) < 1e-9, "\(name)")
            }
        }
    }

    @Test func theFiguresOfASequenceAreThoseOfTheBenchmark() throws {
        for sequence in try DavisSequence.read() {
            for (values, all, official) in [
                (sequence.frames.map(\.j), sequence.all.j, sequence.official.j),
                (sequence.frames.map(\.f), sequence.all.f, sequence.official.f),
            ] {
                let inner = Array(values.dropFirst().dropLast())
                for (values, expected) in [(values, all), (inner, official)] {
                    let figures = SequenceStatistics(values)
                    #expect(abs(figures.mean - expected.mean) < 1e-9)
                    #expect(abs(figures.recall - expected.recall) < 1e-9)
                    #expect(abs(figures.decay - expected.decay) < 1e-9)
                }
            }
        }
    }

    @Test func recallLeavesOutExactlyOneHalf() {
        #expect(SequenceStatistics([0.5, 0.5, 0.75, 0.25]).recall == 0.25)
    }

    @Test func aSingleFrameHasNoDecay() {
        let figures = SequenceStatistics([0.75])
        #expect((figures.mean, figures.recall, figures.decay) == (0.75, 1, 0))
    }

    @Test func quartersShareTheFramesBetweenThem() {
        // Of nine frames, the quarters are 0–2, 2–4, 4–6 and 6–8.
        let values = [1, 1, 1, 0, 0, 0, 0.5, 0.5, 0.25] as [Double]
        #expect(abs(SequenceStatistics(values).decay - (1 - 1.25 / 3)) < 1e-12)
    }

    @Test func masksWithoutContour() {
        let (empty, full) = (image(["....", "...."]), image(["####", "####"]))
        let object = image(["##..", "...."])
        // A full mask has no contour either: nothing is beyond the edge of the image.
        #expect(ContourAccuracy.f(empty, empty) == 1)
        #expect(ContourAccuracy.f(empty, full) == 1)
        #expect(ContourAccuracy.f(empty, object) == 0)
        #expect(ContourAccuracy.f(object, full) == 0)
        #expect(ContourAccuracy.f(object, object) == 1)
        let pixel = GrayImage(width: 1, height: 1, pixels: [255])
        #expect(ContourAccuracy.f(pixel, GrayImage(width: 1, height: 1, pixels: [0])) == 1)
    }

    @Test func contoursFartherApartThanTheReachDoNotAgree() {
        // The reach in 10x2 pixels is one pixel; the contours are at columns 1 and 1 + shift.
        for (shift, expected) in [(0, 1), (1, 1), (2, 0)] as [(Int, Double)] {
            let row = String(repeating: "#", count: 2 + shift)
            let line = row + String(repeating: ".", count: 10 - row.utf8.count)
            let start = image(["##........", "##........"])
            #expect(ContourAccuracy.f(start, image([line, line])) == expected)
        }
    }
}
