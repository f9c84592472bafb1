import Glibc
import SoundSignals
import TestSupport
import Testing

/// The transform, and the bandwidth that follows from it.
@Suite struct SpectrumTests {
    @Test(arguments: 3...12)
    func theTransformIsThatOfTheDefinition(exponent: Int) {
        var transform = FourierTransform(exponent: exponent)
        let size = transform.size
        let samples = Sound.noise(1, seconds: Double(size) / 48_000 + 0.01, seed: 2)
        let window = (0..<size).map { 0.5 + Float($0) / Float(2 * size) }
        var power = [SIMD4<Float>](repeating: .zero, count: size / 2 + 1)
        let starts = SIMD4(0, 3, 5, 8)
        samples.withUnsafeBufferPointer {
            transform.power(of: $0, at: starts, window: window, into: &power)
        }
        for frequency in stride(from: 0, through: size / 2, by: max(1, size / 64)) {
            for lane in 0..<4 {
                var (re, im) = (0.0, 0.0)
                for index in 0..<size {
                    let sample = Double(samples[starts[lane] + index] * window[index])
                    let angle = 2 * Double.pi * Double(index * frequency % size) / Double(size)
                    re += sample * cos(angle)
                    im -= sample * sin(angle)
                }
                let expected = re * re + im * im
                #expect(abs(Double(power[frequency][lane]) - expected) < 1e-5 * Double(size))
            }
        }
    }

    @Test(arguments: [2000, 8000, 11_025, 16_000, 22_050, 44_100, 48_000, 96_000, 192_000])
    func noiseHasTheBandwidthOfItsSampleRate(rate: Int) throws {
        let noise = Sound.noise(0.1, seconds: 3, rate: rate, seed: 4)
        let bandwidth = try #require(Sound(noise, rate: rate).record().whole.bandwidth)
        #expect((0.97...1).contains(bandwidth / Double(rate / 2)), "\(bandwidth)")
    }

    /// Brown noise: 6 dB less with each octave, so that 99 % of its energy are below 1 kHz.
    private static func graph(_ filter: String = "anull") -> String {
        "anoisesrc=c=brown:a=0.5:d=6:r=48000:seed=3,\(filter)"
    }

    @Test(arguments: [4000.0, 8000, 16_000, 20_000])
    func aLowPassIsSeenAlsoInSoundOfLittleTreble(frequency: Double) async throws {
        let filter = "firequalizer=gain='if(lt(f,\(frequency)),0,-140)':delay=0.05"
        let sound = try await Sound.made(by: Self.graph(filter))
        let bandwidth = try #require(sound.record().whole.bandwidth)
        #expect(abs(bandwidth - frequency) < 400, "\(bandwidth)")
    }

    @Test func theBandwidthOfMP3IsSeen() async throws {
        let sound = try await Sound.made(by: Self.graph())
        let whole = try #require(sound.record().whole.bandwidth)
        #expect(whole > 23_500)
        for (cutoff, rate) in [(16_000.0, "128k"), (11_000, "64k")] {
            let coded = try await sound.coded(
                ["-c:a", "libmp3lame", "-b:a", rate, "-cutoff", "\(Int(cutoff))"],
                extension: "mp3"
            )
            let bandwidth = try #require(coded.record().whole.bandwidth)
            #expect((cutoff - 1000..<cutoff + 500).contains(bandwidth), "\(bandwidth)")
            // Also when it has been stored as 16-bit samples.
            let rounded = try await coded.coded(["-c:a", "pcm_s16le"], extension: "wav")
            let again = try #require(rounded.record().whole.bandwidth)
            #expect(abs(again - bandwidth) < 200, "\(again)")
        }
    }

    @Test func aToneShowsItselfAndSilenceNothing() throws {
        for frequency in [440.0, 3000, 12_000] {
            let tone = Sound(seconds: 2, [Sound.sine(frequency, -10)])
            let bandwidth = try #require(tone.record().whole.bandwidth)
            #expect((frequency..<frequency + 1500).contains(bandwidth), "\(bandwidth)")
        }
        #expect(Sound([Float](repeating: 0, count: 96_000)).record().whole.bandwidth == nil)
        // As much as rounding to 16 bits with dither adds: −96.3 dBFS.
        let hiss = Sound(Sound.noise(0.866 / 32_768, seconds: 2, seed: 5)).record()
        #expect(hiss.rows.allSatisfy { $0.bandwidth == nil })
    }

    @Test func aClickAtAnEditAndSilenceBetweenSoundsDoNotCount() async throws {
        let filter = "firequalizer=gain='if(lt(f,8000),0,-140)':delay=0.05"
        var sound = try await Sound.made(by: Self.graph(filter))
        sound.channels[0][100_000] = 0.5
        #expect(abs((try #require(sound.record().whole.bandwidth)) - 8000) < 400)
        let silence = Sound([Float](repeating: 0, count: 480_000))
        #expect(abs((try #require((sound + silence).record().whole.bandwidth)) - 8000) < 400)
    }
}
