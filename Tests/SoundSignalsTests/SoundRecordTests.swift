import Glibc
import SoundSignals
import TestSupport
import Testing

/// Rows as they come and as they are stored; defects; layouts.
@Suite struct SoundRecordTests {
    private static let stereo: Sound = {
        let noise = Sound.noise(0.2, seconds: 12, seed: 8)
        var sound = Sound(noise, layout: "stereo", count: 2)
        sound.channels[1] = zip(
            Sound.knocks(at: [2, 5.5, 9], seconds: 12, level: -3),
            Sound.noise(0.01, seconds: 12, seed: 9)
        ).map { $0 + $1 }
        return sound
    }()

    @Test(arguments: [1, 480, 4799, 48_000, 10_000_000])
    func blocksOfAnySizeGiveTheSame(size: Int) {
        #expect(Self.stereo.record(block: size) == Self.stereo.record())
    }

    @Test func measuringBeginsAnewFourSecondsEarlier() {
        let whole = Self.stereo.record()
        var rest = Self.stereo
        for index in 0..<2 { rest.channels[index].removeFirst(2 * 48_000) }
        let later = rest.record()
        #expect(later.rows.dropFirst(40) == whole.rows.dropFirst(60))
        let onsets = whole.onsets.filter { $0.time >= 6 }
        #expect(onsets.count > 2)
        #expect(later.onsets.filter { $0.time >= 4 }.map(\.frame) == onsets.map { $0.frame - 400 })
    }

    @Test func whatIsStoredIsReadAsItWas() {
        let record = Self.stereo.record()
        let rows = record.rows.map { SoundRow(bytes: $0.bytes[...]) }
        #expect(rows == record.rows && record.rows[0].bytes.count == SoundRow.byteCount)
        let onsets = record.onsets.map { SoundOnset(bytes: $0.bytes[...]) }
        #expect(onsets == record.onsets && record.onsets.count > 3)
        let late = SoundOnset(frame: 200 * 86_400, excess: 12.34)
        #expect(SoundOnset(bytes: late.bytes[...]) == late && late.time == 86_400)
        let empty = SoundRow()
        #expect(SoundRow(bytes: empty.bytes[...]) == empty && empty.bandwidth == nil)
        #expect(SoundRow(bytes: [UInt8](repeating: 0xFF, count: SoundRow.byteCount)[...]).level < 0)
    }

    @Test func clippedSamplesAreCountedInRunsOfThree() {
        let tone = Sound.sine(100, 6)
        let clipped = Sound(seconds: 1, [{ min(max(tone($0), -1), 1) }]).record().whole
        // Beyond half of its peak, a sine is for 2/3 of the time.
        #expect(abs(clipped.clipping - 0.667) < 0.01)
        #expect(Sound(seconds: 1, [Sound.sine(1000, 0)]).record().whole.clipping == 0)
        // A run from row to row.
        var samples = [Float](repeating: 0, count: 9600)
        for index in 4799..<4802 { samples[index] = -1 }
        #expect(Sound(samples).record().rows.map(\.clipping) == [0, 0.0006])
    }

    @Test func channelsAreComparedAndAnOffsetIsSeen() throws {
        let first = Sound.sine(440, -10)
        let second = Sound.sine(700, -10)
        let window = { (left: @escaping (Double) -> Double, right: @escaping (Double) -> Double) in
            Sound(seconds: 1, layout: "stereo", [left, right]).record().whole
        }
        #expect(window(first, { 0.3 * first($0) }).isMono == true)
        #expect(window(first, second).isMono == false)
        #expect(window(first, { -first($0) }).rows[3].correlation == -1)
        #expect(window(first, { _ in 0 }).isMono == nil)
        #expect(abs(window(first, { first($0) - 0.25 }).offset - -0.25) < 0.001)
        #expect(abs(window(first, second).offset) < 0.001)
    }

    @Test func layoutsAreKnownByName() {
        #expect(SoundLayout(name: "5.1(side)", channels: 6).effects == [0, 1])
        #expect(SoundLayout(name: "5.1(side)", channels: 6).weights == [1, 1, 1, 0, 1.41, 1.41])
        #expect(SoundLayout(name: "FC+FL+FR", channels: 3).effects == [1, 2])
        #expect(SoundLayout(name: "mono", channels: 1).effects == [0])
        // What is not known, or is of another number of channels.
        #expect(SoundLayout(name: "6 channels", channels: 6) == SoundLayout(channels: 6))
        #expect(SoundLayout(name: "stereo", channels: 6) == SoundLayout(name: "5.1", channels: 6))
        #expect(SoundLayout(name: "", channels: 2).effects == [0, 1])
        #expect(SoundLayout(name: "TC+LFE+BC", channels: 3).effects == [0, 1, 2])
        for channels in 1...8 {
            #expect(SoundLayout(channels: channels).roles.count == channels)
        }
    }

    @Test func aWindowHasTheRowsThatBeginInIt() {
        let record = Self.stereo.record()
        #expect(record.window(start: 0, duration: 8).rows.indices == 0..<80)
        #expect(record.window(start: 0.3, duration: 0.1).rows.indices == 3..<4)
        #expect(record.window(start: 0.31, duration: 0.1).rows.indices == 4..<5)
        #expect(record.window(start: 11.5, duration: 8).rows.indices == 115..<120)
        for (start, duration) in [(40.0, 8.0), (3, -1), (-9, 8)] {
            let empty = record.window(start: start, duration: duration)
            #expect(empty.rows.isEmpty && empty.loudness == nil && empty.bandwidth == nil)
            #expect(empty.clipping == 0 && empty.onsets().isEmpty)
        }
    }
}
