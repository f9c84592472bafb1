import ScanStore
import ShotDetection
import SoundSignals
import TestSupport
import Testing

@Suite struct ScanBlockTests {
    private static func block() -> ScanBlock {
        var block = ScanBlock(firstFrame: 7, firstRow: 3)
        for index in 0..<20 {
            var measures = FrameMeasures()
            measures.hue = Double(index) * 3.7
            measures.luma = Float(index) * 11
            measures.stillness = index == 0 ? nil : Float(index) * 4000
            measures.spanDistances = SIMD4(0.25, 0.5, 1, Float(index))
            block.add(measures.rounded, at: Double(index) / 24)
        }
        block.add(
            SoundRecord(
                rows: [SoundRow(), SoundRow()],
                onsets: [SoundOnset(frame: 123_456, excess: 5.25)]
            )
        )
        return block
    }

    @Test func aBlockComesBackAsItWas() throws {
        let block = Self.block()
        let read = try #require(ScanBlock(bytes: block.bytes))
        #expect(read == block)
        #expect(read.firstFrame == 7)
        #expect(read.firstRow == 3)
    }

    @Test func measuresAreRoundedOnce() {
        for measures in Self.block().frames { #expect(measures.rounded == measures) }
    }

    @Test func noDamageIsTakenForABlock() {
        let bytes = Self.block().bytes
        for place in stride(from: 0, to: bytes.count, by: 13) {
            var damaged = bytes
            damaged[place] ^= 0x10
            #expect(ScanBlock(bytes: damaged) == nil, "\(place)")
        }
        for count in [0, 1, 9, 74, 114, bytes.count - 1] {
            #expect(ScanBlock(bytes: Array(bytes[..<count])) == nil)
        }
        #expect(ScanBlock(bytes: bytes + [0]) == nil)
    }
}
