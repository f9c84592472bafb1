import Glibc
import SoundSignals
import TestSupport
import Testing

/// Levels, loudness and peaks, against the truth and against ffmpeg's filters.
@Suite struct LoudnessTests {
    @Test func aSineHasItsLevelAndItsPeak() {
        let row = Sound(seconds: 1, [Sound.sine(1000, -20)]).record().rows[5]
        #expect(abs(row.level - -23.01) < 0.02)
        #expect(abs(row.peak - -20) < 0.02)
        #expect(abs(row.truePeak - -20) < 0.1)
        #expect(row.clipping == 0 && row.correlation == 1 && row.offset == 0)
    }

    /// EBU Tech 3341, table 1, cases 1 and 2: seconds of a tone in both channels, at its level.
    @Test(arguments: [-23.0, -33])
    func aToneInBothChannelsIsAsLoudAsItsLevel(level: Double) throws {
        let tone = Sound.sine(1000, level)
        let record = Sound(seconds: 20, layout: "stereo", [tone, tone]).record()
        for row in record.rows.dropFirst(30) {
            #expect(abs(row.momentary - level) < 0.1 && abs(row.shortTerm - level) < 0.1)
        }
        #expect(abs(try #require(record.whole.loudness) - level) < 0.1)
    }

    /// The same, cases 3 to 5: parts at several levels, of which some are not counted.
    @Test(arguments: [
        [(10.0, -36.0), (60, -23), (10, -36)],
        [(10, -72), (10, -36), (60, -23), (10, -36), (10, -72)],
        [(20, -26), (20.1, -20), (20, -26)],
    ])
    func quietPartsAreNotCounted(parts: [(seconds: Double, level: Double)]) throws {
        let sounds = parts.map { part in
            let tone = Sound.sine(1000, part.level)
            return Sound(seconds: part.seconds, layout: "stereo", [tone, tone])
        }
        let whole = sounds.dropFirst().reduce(sounds[0], +).record().whole
        #expect(abs(try #require(whole.loudness) - -23) < 0.1)
    }

    /// The same, case 6.
    @Test func surroundChannelsCountMoreAndBassNothing() throws {
        let channels = [-28, -28, -24, 0, -30, -30].map { Sound.sine(1000, Double($0)) }
        for layout in ["5.1", "5.1(side)"] {
            let record = Sound(seconds: 20, layout: layout, channels).record()
            #expect(abs(try #require(record.whole.loudness) - -23) < 0.1)
        }
    }

    /// Noise whose level changes by 30 dB, and tones.
    private static func graph(_ rate: Int, _ channels: Int) -> String {
        let channel = (0..<channels).map { index in
            "(random(\(index))-0.5)*(0.02+0.6*pow(sin(\(0.3 + 0.1 * Double(index))*t),8))"
                + "+0.1*sin(\(200 + 300 * index)*t)"
        }
        return "aevalsrc='\(channel.joined(separator: "|"))':s=\(rate):d=12:c=\(layout(channels))"
    }

    private static func layout(_ channels: Int) -> String {
        ["mono", "stereo", "2.1", "4.0", "5.0", "5.1(side)"][channels - 1]
    }

    @Test(arguments: [(48_000, 1), (48_000, 2), (48_000, 6), (44_100, 2), (32_000, 4), (96_000, 2)])
    func ebur128AgreesWithin01(rate: Int, channels: Int) async throws {
        let sound = try await Sound.made(
            by: Self.graph(rate, channels),
            rate: rate,
            layout: Self.layout(channels),
            count: channels
        )
        let record = sound.record()
        let report = try await sound.report(
            of: "ebur128=metadata=1:peak=true,ametadata=print:file=-"
        )
        let theirs = { (name: String) -> [Double] in
            report.output.compactMap { line in
                line.hasPrefix("lavfi.r128.\(name)=") ? Double(line.split(separator: "=")[1]) : nil
            }
        }
        let (momentary, shortTerm) = (theirs("M"), theirs("S"))
        #expect(record.rows.count == 120 && momentary.count >= 119)
        // They report nothing until there are 0.4 s and 3 s.
        for (index, row) in record.rows.enumerated().prefix(momentary.count) {
            #expect(index < 3 || abs(row.momentary - momentary[index]) < 0.1, "\(index)")
            #expect(index < 29 || abs(row.shortTerm - shortTerm[index]) < 0.1, "\(index)")
        }
        let loudness = try #require(record.whole.loudness)
        #expect(abs(loudness - (try #require(theirs("I").last))) < 0.1)
        // Theirs is of a better filter than the standard's.
        let peak = try #require(theirs("true_peaks_ch0").last.map { 20 * log10($0) })
        #expect(abs((try #require(record.whole.truePeak)) - peak) < 0.6)
    }

    /// EBU Tech 3341, cases 15 to 19: sines whose samples miss the peaks.
    @Test(arguments: [(4.0, 0.0), (4, 45), (6, 60), (8, 67.5)])
    func peaksBetweenSamplesAreFound(period: Double, phase: Double) {
        let sound = Sound(
            seconds: 1,
            [{ 0.5 * sin(2 * Double.pi * (48_000 * $0 / period + phase / 360)) }]
        )
        let rows = sound.record().rows.dropFirst()
        #expect(rows.allSatisfy { (-6.42...(-5.82)).contains($0.truePeak) }, "\(rows)")
    }

    @Test func silenceIsSilentAndNothingThatIsNoNumberIsHeard() {
        var samples = [Float](repeating: 0, count: 48_000)
        (samples[100], samples[5000], samples[9000]) = (.nan, .infinity, -1e30)
        for sound in [Sound(samples), Sound(samples, layout: "5.1", count: 6)] {
            let record = sound.record()
            #expect(record.rows.count == 10 && record.onsets.isEmpty)
            for row in record.rows {
                #expect(row.level == SoundRow.silence && row.truePeak == SoundRow.silence)
                #expect(row.momentary == SoundRow.silence && row.bandwidth == nil)
            }
            #expect(record.whole.loudness == nil)
        }
    }
}
