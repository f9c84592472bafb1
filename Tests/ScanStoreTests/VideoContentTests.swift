import ScanStore
import Testing

/// Which rows of audio have speech and music, by what networks say of each.
@Suite struct VideoContentTests {
    private static func values(_ runs: [(UInt8, Int)]) -> [UInt8] {
        runs.flatMap { value, count in [UInt8](repeating: value, count: count) }
    }

    @Test func shortSpeechIsNoneAndShortPausesBelongToIt() {
        var content = VideoContent()
        #expect(content.rowsWithSpeech == nil)
        content.speech = Self.values([(200, 2), (0, 5), (128, 2), (0, 1), (250, 1), (127, 4)])
        let rows = content.rowsWithSpeech ?? []
        #expect(rows.indices.filter { rows[$0] } == Array(7..<11))
    }

    @Test(arguments: [(29, 0), (30, 30)])
    func musicLastsThreeSeconds(_ count: Int, _ expected: Int) {
        var content = VideoContent()
        content.music = Self.values([(178, 90), (0, 6), (179, count), (0, 6)])
        #expect(content.rowsWithMusic?.filter { $0 }.count == expected)
    }
}
