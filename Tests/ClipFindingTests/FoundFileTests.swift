import ClipFinding
import Diagnostics
import ShotDetection
import TestSupport
import Testing

@Suite struct FoundFileTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func document() throws -> ShotDocument {
        let video = try MadeVideo(seconds: 4).scanned(in: folder.path)
        return ShotDocument(FoundShots(starts: [0, 15], count: 40, .dissolve), of: video)
    }

    @Test func shotsAreATable() throws {
        let lines = try ShotFile.text(try document(), as: .csv).split(separator: "\n")
        #expect(lines[0] == "input,start,end,startFrame,endFrame,kind,score")
        #expect(lines[2].hasSuffix("made.mp4,1.500000,4.000000,15,40,dissolve,1.0"))
    }

    @Test func shotsAreAnEditDecisionList() throws {
        let lines = try ShotFile.text(try document(), as: .edl).split(
            separator: "\n",
            omittingEmptySubsequences: false
        )
        #expect(lines[0] == "TITLE: made.mp4")
        #expect(
            lines[3]
                == "001  AX       V     C        00:00:00:00 00:00:01:05 00:00:00:00 00:00:01:05"
        )
        #expect(lines[6].hasPrefix("002  AX       V     C        00:00:01:05 00:00:04:00"))
    }

    @Test func shotsAreLabels() throws {
        let lines = try ShotFile.text(try document(), as: .txt).split(separator: "\n")
        #expect(lines[1] == "1.500000\t4.000000\t2 dissolve")
    }

    @Test func anEndingThatIsNoFormIsRefused() {
        #expect(throws: EightCutError.self) {
            _ = try FoundForm(of: "shots.xml", among: ShotFile.forms)
        }
    }
}
