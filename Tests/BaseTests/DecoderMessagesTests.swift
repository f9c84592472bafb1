import Media
import Testing

/// The times of frames in what ffmpeg writes while it decodes.
@Suite struct DecoderMessagesTests {
    private static let start = "[\(DecoderMessages.filter) @ 0x5] [info] "
    private static let config = "config in time_base: 1/30000, frame_rate: 30000/1001"

    private func timedFrames(_ lines: [String]) -> [TimedFrame] {
        var messages = DecoderMessages()
        return lines.compactMap { messages.take($0) }
    }

    private func frame(_ number: Int, _ timestamp: String) -> String {
        Self.start + "n:\(number) pts:\(timestamp) pts_time:1000    pos: 1 fmt:yuv420p sar:1/1"
    }

    @Test func timesAreReadToTheFullPrecisionOfTheTimeBase() {
        let timedFrames = timedFrames([
            Self.start + Self.config, Self.start + "config out time_base: 0/0, frame_rate: 0/0",
            frame(0, "29999999"), Self.start + "color_range:tv color_space:bt709",
            frame(1, " NOPTS"),
        ])
        #expect(
            timedFrames == [
                TimedFrame(index: 0, time: 29999999.0 / 30000), TimedFrame(index: 1, time: nil),
            ]
        )
    }

    /// Where a display matrix is no quarter turn, ffmpeg writes a warning without a line end.
    @Test func theTimeBaseIsFoundBehindAnUnfinishedMessage() {
        let timedFrames = timedFrames([
            "and contact the ffmpeg-devel mailing list. (ffmpeg-devel@ffmpeg.org)" + Self.config,
            Self.start + "config out time_base: 0/0, frame_rate: 0/0", frame(0, "30000"),
        ])
        #expect(timedFrames == [TimedFrame(index: 0, time: 1)])
    }

    @Test func noTimestampIsBelievedBeforeTheTimeBaseIsKnown() {
        #expect(timedFrames([frame(0, "1024")]) == [TimedFrame(index: 0, time: nil)])
        let broken = Self.start + "config in time_base: 0/0, frame_rate: 10/1"
        #expect(timedFrames([broken, frame(0, "1024")]) == [TimedFrame(index: 0, time: nil)])
        // One that filters made anew have not reported is not the old one.
        let again = timedFrames([
            Self.start + Self.config, Self.start + "config out time_base: 0/0", frame(0, "30000"),
            Self.start + "config out time_base: 0/0", frame(0, "30000"),
        ])
        #expect(again.map(\.time) == [1, nil])
    }

    @Test func aLostReportMovesNoTimeToAnotherFrame() {
        let timedFrames = timedFrames([
            Self.start + Self.config, frame(0, "0"), "unfinished" + frame(1, "1000"),
            frame(2, "60000"),
        ])
        #expect(timedFrames == [TimedFrame(index: 0, time: 0), TimedFrame(index: 2, time: 2)])
    }

    @Test func framesAreCountedOnWhenFiltersAreMadeAnew() {
        var messages = DecoderMessages()
        let lines = [
            Self.start + Self.config, frame(0, "0"), frame(1, "30000"), Self.start + Self.config,
            frame(0, "60000"), frame(1, "90000"),
        ]
        #expect(lines.compactMap { messages.take($0) }.map(\.index) == [0, 1, 2, 3])
        #expect(messages.configurationCount == 2)
    }

    @Test(arguments: [
        "[info]     title: ", "    : ", "", "[Parsed_showinfo_0 @ 0] [info] ",
        "[showinfo@in @ 0x5] [info] ",
    ])
    func metadataCannotPassForTimes(_ beginning: String) {
        var messages = DecoderMessages()
        #expect(messages.take(beginning + "n: 0 pts: 5 pts_time:5") == nil)
        #expect(messages.take(beginning + Self.config) == nil)
        // Nor can a time base be given that ffmpeg does not confirm.
        #expect(messages.take("[info]   Metadata:") == nil)
        #expect(messages.take(Self.start + "config out time_base: 0/0") == nil)
        #expect(messages.take(frame(0, "30000")) == TimedFrame(index: 0, time: nil))
    }

    @Test(arguments: [Int.max, Int.min, 9_000_000_000_000_000_000])
    func timestampsOfAnySizeAreSurvived(_ timestamp: Int) {
        let timedFrames = timedFrames([Self.start + Self.config, frame(0, "\(timestamp)")])
        // No video is as long as that.
        #expect(timedFrames == [TimedFrame(index: 0, time: nil)])
        #expect(
            self.timedFrames([Self.start + "n:\(timestamp) pts:1"]).allSatisfy { $0.index >= 0 }
        )
    }

    @Test func onlySoManyProblemsAreKept() {
        var messages = DecoderMessages()
        for number in 0..<1000 { _ = messages.take("[h264 @ 0x1] [error] wrong \(number)") }
        #expect(messages.problemCount == 1000)
        #expect(messages.problems.count == 20)
        #expect(messages.problems.first?.hasSuffix("0") == true)
        #expect(messages.problems.last?.hasSuffix("999") == true)
    }
}
