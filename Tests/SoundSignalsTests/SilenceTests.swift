import SoundSignals
import TestSupport
import Testing

/// Silence, and what is loudest where all is silent.
@Suite struct SilenceTests {
    /// Noise of −20 dBFS with gaps at a level.
    private static func gaps(_ gaps: [Range<Double>], level: Float, channels: Int = 1) -> Sound {
        let noise = Sound.noise(0.1, seconds: 30, seed: 3)
        let samples = noise.enumerated().map { index, sample in
            let isGap = gaps.contains { $0.contains(Double(index) / 48_000) }
            return isGap ? sample * level / 0.1 : sample
        }
        return Sound(samples, layout: channels == 1 ? "mono" : "stereo", count: channels)
    }

    private static let places = [1.234..<3.71, 8.0..<8.55, 12.05..<17.98, 20.31..<20.9]

    @Test(arguments: [
        (-60.0, Float(0.0005), 2.0), (-60, 0, 0.4), (-35, 0.01, 0.4),
    ])
    func silencedetectFindsTheSameWithinARow(
        limit: Double,
        gap: Float,
        seconds: Double
    ) async throws {
        for channels in 1...2 {
            let sound = Self.gaps(Self.places, level: gap, channels: channels)
            let report = try await sound.report(of: "silencedetect=noise=\(limit)dB:d=\(seconds)")
            let ends = report.errors.split(separator: "\n").compactMap { line -> Range<Double>? in
                guard let end = line.firstRange(of: "silence_end: ") else { return nil }
                let words = line[end.upperBound...].split(separator: " ")
                guard let last = Double(words[0]), let length = Double(words[3]) else { return nil }
                return last - length..<last
            }
            let found = sound.record().whole.silences(below: limit, atLeast: seconds)
            #expect(ends.count == (seconds > 1 ? 2 : 4) && found.count == ends.count)
            for (found, end) in zip(found, ends) {
                #expect((0..<0.1001).contains(Double(found.lowerBound) / 10 - end.lowerBound))
                #expect((0..<0.1001).contains(end.upperBound - Double(found.upperBound) / 10))
            }
        }
    }

    @Test func theFieldsLimitsCountRows() {
        let record = Self.gaps([0..<26], level: 0.004).record()
        let all = record.whole
        #expect(all.silence(below: -35) == 26.0 / 30 && all.silence(below: -60) == 0)
        #expect(!all.isSilent(.field) && !all.isSilent(.strict))
        let quiet = record.window(start: 10, duration: 17)
        #expect(quiet.rows.count == 170 && quiet.isSilent(.field) && !quiet.isSilent(.strict))
        #expect(SilenceLimit.field == SilenceLimit(level: -35, share: 0.9))
        #expect(SilenceLimit.strict == SilenceLimit(level: -60, share: 0.8))
    }

    @Test func theLoudestSecondIsFound() throws {
        let record = Self.gaps([0..<12.4, 13.4..<30], level: 0.001).record()
        let second = try #require(record.whole.loudestSecond())
        // Noise within ±0.1 has −20 − 4.77 dBFS.
        #expect(second.row == 124 && abs(second.level - -24.77) < 0.1)
        #expect(SoundRecord().whole.loudestSecond() == nil)
        let short = try #require(record.window(start: 12.5, duration: 0.3).loudestSecond())
        #expect(short.row == 125 && abs(short.level - -24.77) < 0.2)
    }

    @Test func dialogueInTheCenterIsNoEffect() throws {
        let speech = Sound.sine(300, -20)
        let quiet = Sound.sine(2000, -70)
        let none = { (_: Double) in 0.0 }
        let sound = Sound(seconds: 4, layout: "5.1", [quiet, quiet, speech, none, none, none])
        let whole = sound.record().whole
        #expect(whole.silence(below: -60) == 0)
        #expect(whole.silence(below: -60, of: .effects) == 1)
        let level = try #require(whole.loudestSecond(of: .effects)?.level)
        #expect(abs(level - -73.01) < 0.02)
    }

    @Test(arguments: [1, 2, 7, 4799, 4800, 4801, 100_000])
    func everySampleIsInARow(count: Int) throws {
        let samples = Sound.noise(0.1, seconds: 3, seed: 1).prefix(count)
        let rows = Sound(Array(samples)).record().rows
        #expect(rows.count == (min(count, 144_000) + 4799) / 4800)
        #expect(rows.allSatisfy { $0.level > -60 })
    }
}
