import ShotDetection
import Testing

/// The detectors of PySceneDetect on the same frames.
@Suite struct ReferenceDetectorTests {
    @Test func measuresAreThoseOfOpenCV() throws {
        let fixtures = try ShotFixtures.read()
        for video in fixtures.videos {
            for (measures, expected) in zip(fixtures.measures(of: video), video.measures) {
                let found = [
                    measures.hue, measures.saturation, measures.value, measures.correlation,
                    measures.correlation256,
                ]
                for (value, expected) in zip(found, expected) {
                    #expect(abs(value - expected) < 1e-6)
                }
            }
        }
    }

    @Test func cutsAreThoseOfPySceneDetectFrameForFrame() throws {
        let fixtures = try ShotFixtures.read()
        for video in fixtures.videos {
            let measures = fixtures.measures(of: video)
            for expected in video.detectors {
                let found = try cuts(of: expected, in: measures)
                #expect(found == expected.cuts, "\(video.name), \(expected)")
            }
        }
    }

    private func cuts(
        of settings: ShotFixtures.Detector,
        in measures: [FrameMeasures]
    ) throws -> [Int] {
        switch settings.detector {
        case "adaptive":
            var detector = AdaptiveDetector()
            detector.threshold = settings.threshold
            detector.shortestShot = settings.shortestShot
            detector.window = try #require(settings.window)
            detector.smallestContent = try #require(settings.smallestContent)
            return detector.cuts(in: measures)
        case "content":
            var detector = ContentDetector()
            detector.threshold = settings.threshold
            detector.shortestShot = settings.shortestShot
            detector.filter = settings.filter == "suppress" ? .suppress : .merge
            return detector.cuts(in: measures)
        default:
            var detector = HistogramDetector()
            detector.threshold = settings.threshold
            detector.shortestShot = settings.shortestShot
            detector.bins = settings.bins == 256 ? .of256 : .of128
            return detector.cuts(in: measures)
        }
    }
}
