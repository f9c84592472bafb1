import Glibc
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

    /// A character swallows the marks that combine with it.
    @Test func messagesAreParsedByBytes() {
        let mark = "\u{301}"
        #expect(FFmpegMessages.parse("[error] \(mark)x")?.text == "\(mark)x")
        #expect(FFmpegMessages.parse("[a @ 0]\(mark)] [error] x") == nil)
        #expect(Rational("1\(mark)/2") == nil && Rational("1/\(mark)2") == nil)
    }

    @Test func aReasonIsShortAndCannotControlATerminal() throws {
        let line = "[mov @ 0x1] [error] \u{1b}[2J\u{202e}" + String(repeating: "x", count: 100_000)
        let reason = try #require(FFmpegMessages.reason(in: [line], url: "file:/a"))
        #expect(reason.utf8.count < 1000)
        #expect(!reason.unicodeScalars.contains { $0 == "\u{1b}" || $0 == "\u{202e}" })
    }

    @Test func theReasonNamesTheLimitThatWasExceeded() {
        let streams = [
            "[matroska,webm @ 0x1] [error] Number of streams exceeds max_streams parameter (128), "
                + "see the documentation if you wish to increase it",
            "[error] file:/a: Cannot allocate memory",
        ]
        #expect(FFmpegMessages.reason(in: streams, url: "file:/a")?.contains("streams") == true)
        let pixels = [
            "[png @ 0x1] [IMGUTILS @ 0x2] [error] Picture size 15000x15000 exceeds specified max "
                + "pixel count 67108864, see the documentation if you wish to increase it",
            "[error] Conversion failed!",
        ]
        #expect(FFmpegMessages.reason(in: pixels, url: "file:/a")?.contains("pixels") == true)
    }

    @Test func whatKeptFFmpegFromWritingIsTold() {
        let full = "[error] av_interleaved_write_frame(): No space left on device"
        #expect(FFmpegMessages.writeFailure(in: [full], .exited(228)) == .noSpace)
        let large = "[error] av_interleaved_write_frame(): File too large"
        #expect(FFmpegMessages.writeFailure(in: [large], .exited(1)) == .fileTooLarge)
        #expect(FFmpegMessages.writeFailure(in: [], .signaled(SIGXFSZ)) == .fileTooLarge)
        #expect(FFmpegMessages.writeFailure(in: [], .signaled(SIGKILL)) == nil)
        let title = "[info]     title           : No space left on device"
        #expect(FFmpegMessages.writeFailure(in: [title], .exited(0)) == nil)
    }

    @Test func manyLinesLeaveTheFirstAndTheLast() {
        var lines = HeadAndTail(4)
        for number in 0..<100_000 { lines.append("\(number)") }
        #expect(lines.lines == ["0", "1", "99998", "99999"] && lines.count == 100_000)
        lines.append(String(repeating: "x", count: 1 << 20))
        #expect((lines.lines.last?.utf8.count ?? 0) < 1 << 13)
    }
}
