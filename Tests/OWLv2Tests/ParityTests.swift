import Detection
import Imaging
import OWLv2
import OnnxEngine
import TestSupport
import Testing

/// The detector against the reference implementation, on a small random checkpoint. Differences are
/// absolute; logits lie in a range of about 8.
@Suite struct ParityTests {
    private static let logitTolerance: Float = 5e-5
    private static let boxTolerance: Float = 5e-6
    private static let scoreTolerance: Float = 1e-5
    private static let pixelTolerance: Float = 1e-5

    private let fixtures: Owlv2Fixtures
    private let detector: Owlv2Detector

    init() throws {
        fixtures = try Owlv2Fixtures()
        detector = try Self.detector()
    }

    private static func detector(skipsPadding: Bool = false) throws -> Owlv2Detector {
        try Owlv2Detector(
            checkpoint: Owlv2Fixtures.tiny,
            skipsPadding: skipsPadding,
            library: TestTools.library(),
            settings: SessionSettings(threads: 1)
        )
    }

    private static func difference(_ ours: [Float], _ reference: [Float]) -> Float {
        guard ours.count == reference.count else { return .infinity }
        return zip(ours, reference).reduce(0) { max($0, abs($1.0 - $1.1)) }
    }

    @Test(arguments: Owlv2Fixtures.frames)
    func pixelsAreTheReferences(name: String) throws {
        let frame = try fixtures.frame(name)
        let processing = try Owlv2ImageProcessing.read(from: Owlv2Fixtures.tiny)
        let resize = Owlv2Resize(processing, width: frame.width, height: frame.height)
        var pixels = [Float](repeating: .nan, count: 3 * processing.side * processing.side)
        frame.withPlane(0) { _, samples in
            pixels.withUnsafeMutableBufferPointer { resize.resize(samples, into: $0) }
        }
        let reference = try fixtures.expected.floats(name + ".pixel_values").values
        let difference = Self.difference(pixels, reference)
        #expect(difference <= Self.pixelTolerance, "\(difference)")
    }

    @Test(arguments: Owlv2Fixtures.frames)
    func boxesAndLogitsAreTheReferences(name: String) async throws {
        let queries = try await detector.queries(fixtures.texts.map { [$0] })
        let frame = try fixtures.frame(name)
        let found = try await detector.detections(in: frame, of: queries)
        let expected = fixtures.expected
        let logits = Self.difference(
            found.flatMap(\.logits),
            try expected.floats(name + ".logits").values
        )
        #expect(logits <= Self.logitTolerance, "logits: \(logits)")
        let objectness = Self.difference(
            found.map(\.objectness),
            try expected.floats(name + ".objectness").values
        )
        #expect(objectness <= Self.logitTolerance, "objectness: \(objectness)")
        let corners = Self.difference(
            found.flatMap { [$0.box.x0, $0.box.y0, $0.box.x1, $0.box.y1] },
            try expected.floats(name + ".corners").values
        )
        let side = Float(max(frame.width, frame.height))
        #expect(corners / side <= Self.boxTolerance, "boxes: \(corners / side)")
    }

    @Test(arguments: Owlv2Fixtures.frames)
    func theBestCandidateIsTheReferencesBestBox(name: String) async throws {
        let queries = try await detector.queries(fixtures.texts.map { [$0] })
        let frame = try fixtures.frame(name)
        let found = try await detector.detections(in: frame, of: queries)
        let scores = try fixtures.expected.floats(name + ".scores").values
        let corners = try fixtures.expected.floats(name + ".corners").values
        let side = Float(max(frame.width, frame.height))
        // Of the boxes whose centre lies in the frame.
        let inside = scores.indices.filter { index in
            let box = corners[index * 4..<index * 4 + 4].map { $0 }
            return (box[0] + box[2]) / 2 < Float(frame.width)
                && (box[1] + box[3]) / 2 < Float(frame.height)
        }
        let best = try #require(inside.max { scores[$0] < scores[$1] })
        let candidate = try #require(
            CandidateChoice.candidates(
                found,
                weights: [1, 1, 1],
                width: frame.width,
                height: frame.height,
                count: 1
            ).first
        )
        #expect(abs(candidate.score - scores[best]) <= Self.scoreTolerance)
        let box = DetectionBox(
            x0: corners[best * 4],
            y0: corners[best * 4 + 1],
            x1: corners[best * 4 + 2],
            y1: corners[best * 4 + 3]
        ).clipped(width: frame.width, height: frame.height)
        #expect(abs(candidate.box.x0 - box.x0) <= Self.boxTolerance * side)
        #expect(abs(candidate.box.y1 - box.y1) <= Self.boxTolerance * side)
    }

    /// The reference has no such option: it was run on the tokens that are left.
    @Test(arguments: Owlv2Fixtures.frames)
    func withoutPaddingItIsTheReferenceOnTheOtherTokens(name: String) async throws {
        let skipping = try Self.detector(skipsPadding: true)
        let queries = try await skipping.queries(fixtures.texts.map { [$0] })
        let frame = try fixtures.frame(name)
        let found = try await skipping.detections(in: frame, of: queries)
        let expected = fixtures.expected
        let logits = Self.difference(
            found.flatMap(\.logits),
            try expected.floats(name + ".seen.logits").values
        )
        #expect(logits <= Self.logitTolerance, "logits: \(logits)")
        let objectness = Self.difference(
            found.map(\.objectness),
            try expected.floats(name + ".seen.objectness").values
        )
        #expect(objectness <= Self.logitTolerance, "objectness: \(objectness)")
        let side = Float(max(frame.width, frame.height))
        let boxes = Self.difference(
            found.flatMap { detection -> [Float] in
                let box = detection.box
                return [
                    (box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2, box.x1 - box.x0, box.y1 - box.y0,
                ].map { $0 / side }
            },
            try expected.floats(name + ".seen.boxes").values
        )
        #expect(boxes <= Self.boxTolerance, "boxes: \(boxes)")
        // A frame that is not square has fewer patches.
        let all = try expected.floats(name + ".objectness").values.count
        #expect((found.count == all) == (frame.width == frame.height))
    }

    @Test func aSquareFrameHasNoPaddingToSkip() async throws {
        let frame = try fixtures.frame("square")
        let texts = fixtures.texts.map { [$0] }
        let skipping = try Self.detector(skipsPadding: true)
        let found = try await skipping.detections(in: frame, of: skipping.queries(texts))
        let all = try await detector.detections(in: frame, of: detector.queries(texts))
        let values = { (detections: [Detection]) in
            detections.flatMap { $0.logits + [$0.objectness, $0.box.x0, $0.box.y1] }
        }
        #expect(Self.difference(values(found), values(all)) <= Self.logitTolerance)
    }

    @Test func theFitToTextsOfAGroupIsAveraged() async throws {
        let frame = try fixtures.frame("landscape")
        let single = try await detector.queries(fixtures.texts.map { [$0] })
        let group = try await detector.queries([fixtures.texts])
        let each = try await detector.detections(in: frame, of: single)
        let mean = try await detector.detections(in: frame, of: group)
        for (each, mean) in zip(each, mean) {
            let average = each.logits.reduce(0, +) / Float(each.logits.count)
            #expect(mean.logits.count == 1)
            #expect(abs(mean.logits[0] - average) <= Self.logitTolerance)
            #expect(mean.box == each.box)
        }
    }
}
