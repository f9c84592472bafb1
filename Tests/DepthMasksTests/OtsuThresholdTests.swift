import Imaging
import Testing

@Suite struct OtsuThresholdTests {
    @Test func theLevelSeparatesTwoPeaks() {
        var histogram = [Double](repeating: 0, count: 256)
        histogram[40] = 5
        histogram[41] = 30
        histogram[200] = 10
        #expect(OtsuThreshold.level(of: histogram) == 41)
    }

    /// Four values at 0, one each at 1 and 2: 4·2·1.5² = 18 separates better than 5·1·1.8² = 16.2.
    @Test func theSpreadIsTheVarianceBetweenTheClasses() {
        let spreads = OtsuThreshold.spreads(of: [4, 1, 1])
        #expect(spreads[0] == 18 && abs(spreads[1] - 16.2) < 1e-12 && spreads[2] == 0)
        #expect(OtsuThreshold.level(of: [4, 1, 1]) == 0)
    }

    @Test func oneClassHasNoLevel() {
        #expect(OtsuThreshold.level(of: [0, 0, 9, 0]) == 0)
        #expect(OtsuThreshold.level(of: [0, 0]) == 0)
        #expect(OtsuThreshold.spreads(of: [0, 3, 0]) == [0, 0, 0])
    }
}
