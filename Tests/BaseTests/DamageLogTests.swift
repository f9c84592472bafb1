import Media
import Testing

/// Which messages of ffmpeg belong to a part of a stream.
@Suite struct DamageLogTests {
    private func log(_ part: ClosedRange<Int>, startsAnywhere: Bool = false, _ lines: [String])
        -> [String]
    {
        var log = DamageLog(part, of: 0, lag: 1, startsAnywhere: startsAnywhere)
        for line in lines { log.take(line) }
        return log.texts
    }

    private func frame(_ number: Int, isKey: Bool = false) -> String {
        "[showinfo@damage @ 0x5] [info] n:   \(number) pts:   \(number) pts_time:\(number) "
            + "i:P iskey:\(isKey ? 1 : 0) type:P"
    }

    private let error = "[h264 @ 0x5] [error] error while decoding MB 2 3"

    /// The lines with an error before the one of that number.
    private func inserting(_ number: Int, _ lines: [String]) -> [String] {
        var lines = lines
        lines.insert(error, at: number)
        return lines
    }

    @Test func messagesInThePartCount() {
        let frames = [frame(0, isKey: true), frame(1), frame(2), frame(3), frame(4)]
        #expect(log(2...4, frames).isEmpty)
        #expect(
            log(2...4, inserting(3, frames)) == ["error while decoding MB 2 3"]
        )
        // Frames of the part are decoded from those before.
        #expect(log(2...4, inserting(1, frames)).count == 1)
        #expect(log(1...3, frames + [error]).isEmpty)
    }

    @Test func aKeyframeEndsWhatWasBefore() {
        let frames = [frame(0, isKey: true), frame(1), frame(2), frame(3, isKey: true), frame(4)]
        #expect(log(3...4, inserting(1, frames)).isEmpty)
        #expect(log(2...4, inserting(1, frames)).count == 1)
    }

    @Test func whatIsSaidBeforeTheStartDoesNotCount() {
        let input = "[info] Input #0, mpegts, from 'a.ts':"
        #expect(log(0...1, [error, input, frame(0, isKey: true), frame(1)]).isEmpty)
        #expect(log(0...1, [input, error, frame(0, isKey: true), frame(1)]).count == 1)
        let lines = [input, error, frame(0, isKey: true), frame(1)]
        #expect(log(0...1, startsAnywhere: true, lines).isEmpty)
    }

    @Test func onlyPacketsThatAreShortAreDamaged() {
        let corrupt = "[mpegts @ 0x5] [warning] Packet corrupt (stream = 0, dts = 356400)."
        let short = "[mpegts @ 0x5] [warning] PES packet size mismatch"
        #expect(log(0...1, [frame(0, isKey: true), corrupt, frame(1)]).isEmpty)
        #expect(log(0...1, [frame(0, isKey: true), short, corrupt, frame(1)]).count == 1)
        let other = "[mpegts @ 0x5] [warning] Packet corrupt (stream = 1, dts = 356400)."
        #expect(log(0...1, [frame(0, isKey: true), short, other, frame(1)]).isEmpty)
    }
}
