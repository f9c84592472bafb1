import Glibc
import SoundSignals
import TestSupport
import Testing

/// Where sounds begin, in audio of any length.
@Suite struct SuperFluxTests {
    private static let moments = [0.5, 1.02, 1.3, 2.777, 4.1, 4.2, 6.001, 7.9]

    @Test(arguments: [44_100, 48_000, 96_000, 16_000], [-6.0, -30, -40])
    func eachKnockIsAnOnset(rate: Int, level: Double) {
        let samples = Sound.knocks(at: Self.moments, seconds: 9, level: level, rate: rate)
        let window = Sound(samples, rate: rate).record().window(start: 0, duration: 9)
        let onsets = window.onsets()
        #expect(onsets.count == Self.moments.count, "\(onsets)")
        for (onset, moment) in zip(onsets, Self.moments) {
            #expect(abs(onset.time - moment) <= 0.025, "\(onset.time) \(moment)")
        }
    }

    @Test func aClickOfOneSampleIsAnOnset() throws {
        var samples = [Float](repeating: 0, count: 96_000)
        samples[48_000] = 0.5
        let record = Sound(samples).record()
        #expect(record.whole.onsets().count == 1)
        #expect(abs((try #require(record.whole.onsets().first?.time)) - 1) < 0.025)
        let strengths = record.rows.map(\.onsetStrength)
        let strongest = strengths.firstIndex(of: strengths.max() ?? 0)
        #expect(strongest == 9 || strongest == 10)
    }

    /// The noise is 6 dB below the knocks' first 10 ms.
    @Test(arguments: 0..<4 as Range<UInt64>)
    func knocksInNoiseAreOnsets(seed: UInt64) {
        let noise = Sound.noise(0.05, seconds: 9, seed: seed)
        let knocks = Sound.knocks(at: Self.moments, seconds: 9, level: -16.4)
        let onsets = Sound(zip(noise, knocks).map { $0 + $1 }).record().whole.onsets()
        let found = Self.moments.filter { moment in
            onsets.contains { abs($0.time - moment) <= 0.025 }
        }
        #expect(found.count >= 7 && onsets.count <= 8, "\(onsets)")
    }

    @Test func whatSoundsAllTheTimeHasNoOnset() async throws {
        for level in [0.9, 0.1, 0.01] as [Float] {
            let noise = Sound(Sound.noise(level, seconds: 20, seed: 1)).record().whole
            #expect(noise.onsets().isEmpty && noise.rows.count == 200)
        }
        for color in ["pink", "brown"] {
            let noise = try await Sound.made(by: "anoisesrc=c=\(color):a=0.5:d=20:r=48000:seed=2")
            #expect(noise.record().whole.onsets().isEmpty)
        }
        // A tone with vibrato, of a quarter-tone.
        let vibrato = Sound(
            seconds: 5,
            [{ 0.5 * sin(2 * Double.pi * (880 * $0 + 13 / 6.0 * sin(2 * Double.pi * 6 * $0))) }]
        )
        #expect(vibrato.record().whole.onsets().isEmpty)
    }

    @Test func whatSoundsFromTheStartHasBegunBeforeAndAnEndIsNoOnset() {
        let tone = Sound(seconds: 2, [Sound.sine(1000, -6)]).record()
        #expect(tone.onsets.isEmpty)
        #expect(tone.rows.allSatisfy { $0.onsetStrength < 0.5 })
    }

    @Test func aToneThatBeginsIsOneOnset() throws {
        let sound = Sound(seconds: 4, [{ $0 >= 2 ? Sound.sine(440, -10)($0) : 0 }])
        let onsets = sound.record().whole.onsets()
        #expect(onsets.count == 1 && abs((onsets.first?.time ?? 0) - 2) <= 0.025, "\(onsets)")
    }

    @Test func aLimitAppliesAfterwards() {
        let record = Sound(Sound.knocks(at: [1, 2], seconds: 3, level: -10)).record()
        let strengths = record.whole.onsets().map(\.excess)
        #expect(strengths.count == 2 && strengths.allSatisfy { $0 > 10 })
        #expect(record.whole.onsets(excess: 300).isEmpty)
        #expect(record.window(start: 1.5, duration: 1).onsets().count == 1)
        #expect(record.window(start: 2.5, duration: 1).onsets().isEmpty)
    }
}
