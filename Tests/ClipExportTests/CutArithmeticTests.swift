import ClipExport
import ClipLibrary
import Files
import Media
import TestSupport
import Testing

/// Times, lengths and names.
@Suite struct CutArithmeticTests {
    @Test(arguments: [
        ("12", 12_000_000_000), ("12.5", 12_500_000_000), ("0:08", 8_000_000_000),
        ("1:02:03.456", 3_723_456_000_000), ("90:00", 5_400_000_000_000), ("0", 0),
        ("0.000000001", 1),
    ])
    func startsAsTimes(text: String, nanoseconds: Int) {
        #expect(ClipStart(text) == .time(nanoseconds: nanoseconds))
    }

    @Test(arguments: [
        "", "-1", "1.", "1:60", "1:2:3:4:5", "1:", "@", "@-1", "@1.5", "1e3", "٣",
        "99999999999999999999", "36000001", "0x10", "+1",
        "@99999999999999999999",
    ])
    func noStarts(text: String) {
        #expect(ClipStart(text) == nil)
    }

    @Test func clocksAreReadBack() {
        var mutator = Mutator(seed: 5)
        for _ in 0..<500 {
            let bytes = mutator.damage("1234567890123")
            let value = bytes.reduce(0) { ($0 * 31 + Int($1)) % 40_000_000_000_000 }
            #expect(ClipStart(ClipStart.clock(nanoseconds: value)) == .time(nanoseconds: value))
            #expect(ClipStart(ClipStart.seconds(nanoseconds: value)) == .time(nanoseconds: value))
        }
    }

    @Test func lengthsAreExact() throws {
        let rate = { (top: Int, bottom: Int) in Rational(top, bottom) ?? .one }
        let eight = Rational(8)
        #expect(CutLength.frames(in: eight, at: rate(24000, 1001)) == 192)
        #expect(CutLength.frames(in: eight, at: rate(30000, 1001)) == 240)
        #expect(CutLength.frames(in: eight, at: rate(60000, 1001)) == 480)
        #expect(CutLength.frames(in: eight, at: rate(25, 1)) == 200)
        #expect(CutLength.frames(in: rate(1, 10), at: rate(30, 1)) == 3)
        #expect(CutLength.frames(in: rate(353_280, 44_100), at: rate(25, 1)) == 201)
        #expect(
            CutLength.samples(covering: 240, at: rate(30000, 1001), sampleRate: 48_000) == 384_384
        )
        #expect(CutLength.samples(in: rate(353_280, 44_100), sampleRate: 44_100) == 353_280)
        #expect(CutLength.frames(in: Rational(86_400), at: Rational(240)) == 20_736_000)
    }

    @Test(arguments: [
        ("dog_001.mp4", 1), ("dog_012_masks", 12), ("dog_1000.mkv", 1000), ("dog_007_3.mp4", 7),
        ("dog_003", 3), ("dog_003.wav", 3),
    ])
    func numbersOfNames(file: String, number: Int) {
        #expect(ClipName.number(of: file, name: "dog") == number)
    }

    @Test(arguments: ["dog_01.mp4", "dog_x.mp4", "dogs_001.mp4", "dog_001x.mp4", "adog_001.mp4"])
    func namesOfOthers(file: String) {
        #expect(ClipName.number(of: file, name: "dog") == nil)
    }

    @Test(arguments: [
        ("25", 25, 1), ("29.97", 30000, 1001), ("23.976", 24000, 1001), ("30000/1001", 30000, 1001),
        ("12.5", 12_500, 1000),
    ])
    func rates(text: String, top: Int, bottom: Int) {
        #expect(FrameRate.parse(text) == Rational(top, bottom))
    }

    @Test(arguments: ["0", "-25", "x", "", "1/0", "1000", "1:30", "0.5"])
    func noRates(text: String) {
        #expect(FrameRate.parse(text) == nil)
    }

    @Test func tablesWithQuotationMarks() throws {
        let text = "\u{feff}start, name\r\n1,\"a, \"\"b\"\"\nc\"\r\n\r\n 2 ,d\n"
        let rows = try #require(CSVText.rows(text))
        #expect(rows.map(\.cells) == [["start", "name"], ["1", "a, \"b\"\nc"], ["2", "d"]])
        #expect(rows.map(\.line) == [1, 2, 5])
        #expect(CSVText.rows("a,\"b") == nil)
        #expect(CSVText.line(["a", "b,c", "d\"e"]) == "a,\"b,c\",\"d\"\"e\"")
    }
}
