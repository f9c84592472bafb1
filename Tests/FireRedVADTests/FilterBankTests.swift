import Glibc
import SoundSignals
import TestSupport
import Testing

/// Rows of the filter bank against Kaldi's.
@Suite struct FilterBankTests {
    private static let bands = FilterBank.bands

    private static func difference(_ ours: [Float], _ others: [Float]) -> Float {
        guard ours.count == others.count else { return .infinity }
        return zip(ours, others).reduce(0) { max($0, abs($1.0 - $1.1)) }
    }

    @Test func rowsAreKaldis() throws {
        let fixtures = try FireRedFixtures()
        var bank = FilterBank()
        let rows = bank.rows(of: fixtures.samples)
        #expect(rows.count == 598 * Self.bands)
        let kept = stride(from: 0, to: 598, by: FireRedFixtures.every).flatMap {
            rows[$0 * Self.bands..<($0 + 1) * Self.bands]
        }
        let difference = Self.difference(kept, try fixtures.expected.floats("features").values)
        #expect(difference < 1e-3, "\(difference)")
    }

    @Test(arguments: [1, 159, 160, 401, 5000])
    func samplesMayComeInParts(length: Int) throws {
        let samples = try FireRedFixtures().samples.prefix(10_000)
        var (whole, parts) = (FilterBank(), FilterBank())
        let expected = whole.rows(of: samples)
        var rows: [Float] = []
        for start in stride(from: 0, to: samples.count, by: length) {
            rows += parts.rows(of: samples[start..<min(start + length, samples.count)])
        }
        #expect(rows == expected && parts == whole)
    }

    /// The least that a row may have is what Kaldi calls the least energy.
    @Test func silenceIsTheLeast() {
        var bank = FilterBank()
        let rows = bank.rows(of: [Float](repeating: 0.25, count: 1000))
        #expect(rows.count == 4 * Self.bands)
        #expect(rows.allSatisfy { abs($0 - log(Float.ulpOfOne)) < 1e-5 })
    }

    /// A tone is loudest in the band that is around it.
    @Test func aToneIsInItsBand() {
        var bank = FilterBank()
        let tone = (0..<400).map { Float(0.5 * sin(2 * Double.pi * 1000 * Double($0) / 16_000)) }
        let row = bank.rows(of: tone)
        let loudest = row.indices.max { row[$0] < row[$1] }
        // On the mel scale, 1000 Hz are at 35 % of the way from 20 to 8000 Hz.
        #expect(loudest == 27)
    }
}
