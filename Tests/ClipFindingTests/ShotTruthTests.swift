import ClipFinding
import Diagnostics
import Files
import TestSupport
import Testing

@Suite struct ShotTruthTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func read(_ text: String, _ name: String) throws -> [String: [ShotTruth.Change]] {
        let path = folder.path.appending(name)
        try AtomicFile.write(text, to: path)
        return try ShotTruth.read(path)
    }

    @Test func bothFormsAreRead() throws {
        #expect(try read("0\t14\n15 29\r\n33\t40\n", "7.txt") == ["7": [14...15, 29...33]])
        let json = #"{"b.mp4": {"frame_num": 90, "transitions": [[60, 62], [11, 12]]}}"#
        #expect(try read(json, "test.json") == ["b": [11...12, 60...62]])
    }

    @Test(arguments: ["a b\n", "5 3\n", "0 9\n8 12\n", "1 2 3\n", "-1 4\n"])
    func otherTextsAreRefused(_ text: String) {
        #expect(throws: EightCutError.self) { try read(text, "1.txt") }
    }

    @Test func eachChangeIsFoundOnce() throws {
        let video = try MadeVideo(seconds: 10).scanned(in: folder.path)
        let document = ShotDocument(
            FoundShots(starts: [0, 20, 21, 52, 80], count: 100),
            of: video
        )
        // Two within two frames, one missing, one too far away.
        let score = ShotTruth.score([19...20, 48...50, 60...61, 87...88], document)
        #expect(score.changes == 4)
        #expect(score.found == 2)
        #expect(score.wrong == 2)
        #expect(score.precision == 0.5)
        #expect(score.f1 == 0.5)
    }
}
