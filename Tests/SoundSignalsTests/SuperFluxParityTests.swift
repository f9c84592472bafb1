import FoundationEssentials
import SoundSignals
import SystemPackage
import TestSupport
import Testing

/// The SuperFlux of short sounds, against the formulas of the paper in double precision
/// (`tools/reference/make_sound_fixtures.py`).
@Suite struct SuperFluxParityTests {
    private struct Case: Decodable {
        let rate: Int
        let flux: [Double]
        let onsets: [Int]
    }

    @Test func theStrengthAndTheOnsetsAreThoseOfTheFormulas() throws {
        let folder = FilePath(#filePath).removingLastComponent().removingLastComponent()
            .appending("Fixtures").appending("sound")
        let text = try MaskSet.bytes(of: folder.appending("superflux.json"))
        let cases = try JSONDecoder().decode([Case].self, from: Data(text))
        #expect(cases.count == 2)
        for one in cases {
            let samples = try MaskSet.bytes(of: folder.appending("\(one.rate).samples"))
                .withUnsafeBytes { bytes in
                    (0..<bytes.count / 2).map { index in
                        let bits = bytes.loadUnaligned(fromByteOffset: 2 * index, as: Int16.self)
                        return Float(Int16(littleEndian: bits)) / 32_768
                    }
                }
            let record = Sound(samples, rate: one.rate).record()
            #expect(record.rows.count == 9)
            for (index, row) in record.rows.enumerated() {
                let frames = one.flux[20 * index..<min(20 * index + 20, one.flux.count)]
                // Stored in hundredths.
                #expect(abs(row.onsetStrength - (frames.max() ?? 0)) < 0.0055, "\(index)")
            }
            let onsets = record.whole.onsets(excess: 1.1)
            #expect(onsets.map(\.frame) == one.onsets && onsets.count >= 3)
            for onset in onsets {
                let before = one.flux[max(0, onset.frame - 30)...onset.frame]
                let excess = one.flux[onset.frame] - before.reduce(0, +) / 31
                #expect(abs(onset.excess - excess) < 0.0055)
            }
        }
    }
}
