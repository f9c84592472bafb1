import Media
import Testing

@Suite struct MediaTests {
    @Test func fractionsAreRead() {
        #expect(Rational("30000/1001")?.description == "30000/1001")
        #expect(Rational("25")?.value == 25)
        for wrong in ["0/0", "", "/", "1/0", "-1/2", "1/2/3", "a", "99999999999999999999/1"] {
            #expect(Rational(wrong) == nil, "\(wrong)")
        }
    }

    @Test func messagesAreParsed() {
        let plain = FFmpegMessages.parse("[error] Conversion failed!")
        #expect(plain?.isError == true && plain?.text == "Conversion failed!")
        let named = FFmpegMessages.parse("[h264 @ 0x55] [warning] co located POCs unavailable")
        #expect(named?.isError == false && named?.level == "warning")
        #expect(FFmpegMessages.parse("    Metadata:") == nil)
        #expect(FFmpegMessages.parse("[") == nil)
        #expect(FFmpegMessages.parse("[mov @ 0x1] no level") == nil)
    }

    @Test func theReasonIsTheLastErrorWithoutTheURL() {
        let lines = [
            "[mov @ 0x1] [error] moov atom not found",
            "[error] file:/a b.mp4: Invalid data found when processing input",
        ]
        #expect(
            FFmpegMessages.reason(in: lines, url: "file:/a b.mp4")
                == "Invalid data found when processing input (moov atom not found)"
        )
        #expect(FFmpegMessages.reason(in: ["[info] all is well"], url: "") == nil)
    }

    @Test func timesAreReadToTheFullPrecisionOfTheTimeBase() {
        var messages = DecoderMessages()
        let start = "[Parsed_showinfo_0 @ 0x5] [info] "
        #expect(
            messages.take(start + "config in time_base: 1/30000, frame_rate: 30000/1001") == nil
        )
        let time = messages.take(
            start + "n: 100 pts:29999999 pts_time:1000    pos: 1 fmt:yuv420p sar:1/1"
        )
        #expect(time == .some(.some(29999999.0 / 30000)))
        #expect(messages.take(start + "n: 101 pts: NOPTS pts_time:NOPTS  pos: 1") == .some(.none))
        #expect(messages.take(start + "color_range:tv color_space:bt709") == nil)
        #expect(messages.problems.isEmpty)
    }

    @Test func metadataCannotPassForTimes() {
        var messages = DecoderMessages()
        #expect(
            messages.take("[info]     title: [Parsed_showinfo_0 @ 0] [info] n: 0 pts: 5 ") == nil
        )
    }

    @Test func onlyTheFirstProblemsAreKept() {
        var messages = DecoderMessages()
        for number in 0..<1000 { _ = messages.take("[h264 @ 0x1] [error] wrong \(number)") }
        #expect(messages.problemCount == 1000)
        #expect(messages.problems.count == 20)
    }
}
