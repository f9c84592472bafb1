import Glibc
import SoundMotion
import TestSupport
import Testing

/// Where sounds begin.
@Suite struct OnsetTests {
    @Test(arguments: 0..<4 as Range<UInt64>)
    func eachKnockIsAnOnset(seed: UInt64) {
        var random = RandomSource(seed: seed)
        let moments = SoundScene.moments(10, &random)
        let onsets = OnsetStrength(SoundScene.knocks(at: moments, &random)).onsets
        #expect(onsets.count == moments.count)
        for (onset, moment) in zip(onsets, moments) {
            #expect(abs(onset - moment) < 0.03)
        }
    }

    /// A part of the peak counts, not its level.
    @Test(arguments: [0.02, 0.5] as [Float])
    func quietKnocksAreOnsetsToo(level: Float) {
        var random = RandomSource(seed: 5)
        let samples = SoundScene.knocks(at: [1, 2, 3.5], &random)
        #expect(OnsetStrength(samples.map { level * $0 }).onsets.count == 3)
    }

    @Test func whatSoundsAllTheTimeHasNoOnset() {
        for seed in 0..<4 as Range<UInt64> {
            var random = RandomSource(seed: seed)
            #expect(OnsetStrength(SoundScene.hum(&random)).onsets.isEmpty)
            #expect(OnsetStrength(SoundScene.hiss(0.1, &random)).onsets.isEmpty)
        }
    }

    @Test func silenceAndNoAudioHaveNoOnset() {
        #expect(OnsetStrength(SoundScene.silence).onsets.isEmpty)
        #expect(OnsetStrength([]).onsets.isEmpty)
        var random = RandomSource(seed: 1)
        let knocks = SoundScene.knocks(at: [1, 2, 3], &random)
        // Below -60 dBFS.
        #expect(OnsetStrength(knocks.map { $0 / 1000 }).onsets.isEmpty)
    }

    @Test func aToneThatBeginsIsAnOnsetAndOneThatFadesIsNone() {
        let rate = Float(OnsetStrength.sampleRate)
        let samples = (0..<4 * OnsetStrength.sampleRate).map { index -> Float in
            let seconds = Float(index) / rate
            let level = (1..<2.5).contains(seconds) ? min(1, (2.5 - seconds) * 2) : 0
            return 0.3 * level * sin(2 * Float.pi * 440 * seconds)
        }
        let onsets = OnsetStrength(samples).onsets
        #expect(onsets.count == 1 && abs((onsets.first ?? 0) - 1) < 0.03, "\(onsets)")
    }
}
