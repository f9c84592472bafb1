import Detection
import FoundationEssentials
import Media
import Methods
import SystemPackage
import TestSupport
import Testing

/// Of several things of one name, the one that moves with the audio comes first.
@Suite struct SoundOrderTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    /// What a detector may find on three frames: the left disc with the higher score.
    private func findings() throws -> TextFindings {
        let candidate = { (left: Int, score: Double) in
            """
            {"box":{"x0":\(left),"y0":70,"x1":\(left + 56),"y1":130},"query":0,"score":\(score),
            "logit":0,"objectness":0}
            """
        }
        let frames = [20, 100, 180].map { frame in
            "{\"frame\":\(frame),\"candidates\":[[\(candidate(52, 0.5)),\(candidate(212, 0.4))]]}"
        }
        return TextFindings(
            [try SearchedText("drum")],
            try JSONDecoder().decode(
                [FrameFindings].self,
                from: Data("[\(frames.joined(separator: ","))]".utf8)
            ),
            threshold: 0.2,
            count: .best(1)
        )
    }

    private func first(
        knocks: [Double]?
    ) async throws -> (box: Double, decided: [Double?], sounds: String?) {
        let clip = try await KnockingClip.make(folder["clip.mp4"], knocks: knocks)
        var decided: [Double?] = []
        let ordered = try await findings().preferringWhatMovesWithAudio(
            in: clip,
            VideoProbe.stream(of: clip)
        ) { text, thing in
            #expect(text == "drum")
            decided.append(thing?.box[0])
        }
        let object = try #require(ordered.objects.first)
        return (object.box[0], decided, ordered.sounds(object))
    }

    @Test func theOneThatMovesWithTheAudioIsTheObject() async throws {
        let right = try await first(knocks: KnockingClip.right)
        #expect(right.box == 212 && right.decided == [212] && right.sounds == "yes")
        let left = try await first(knocks: KnockingClip.left)
        #expect(left.box == 52 && left.decided == [52] && left.sounds == "yes")
    }

    @Test func whereThatIsUnsureTheDetectorsOrderStays() async throws {
        let other = try await first(knocks: [1.1, 2.5, 3.1, 4.4, 5.1, 6.1, 7.5])
        #expect(other.box == 52 && other.decided == [nil] && other.sounds == "unsure")
        let silent = try await first(knocks: nil)
        #expect(silent.box == 52 && silent.decided.isEmpty && silent.sounds == nil)
    }
}
