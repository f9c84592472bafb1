import Testing
import Tracking

/// Numbers of 16 bits with the range of 32-bit floats.
@Suite struct SpatialMemoryTests {
    private func rounded(_ floats: [Float]) -> [Float] {
        let memory = floats.withUnsafeBufferPointer { SpatialMemory(rounding: $0) }
        return [Float](unsafeUninitializedCapacity: floats.count) { buffer, count in
            memory.copy(to: UnsafeMutableBufferPointer(rebasing: buffer[..<floats.count]))
            count = floats.count
        }
    }

    @Test func whatFitsStaysAsItIs() {
        let floats: [Float] = [0, -0, 1, -1, 0.5, 3.140625, 1024, -10, 0x1p-126, 0x1p-130]
        #expect(rounded(floats).map(\.bitPattern) == floats.map(\.bitPattern))
    }

    @Test(arguments: [
        (0x3f80_7fff, 0x3f80_0000), (0x3f80_8000, 0x3f80_0000), (0x3f80_8001, 0x3f81_0000),
        (0x3f81_7fff, 0x3f81_0000), (0x3f81_8000, 0x3f82_0000), (0xbf81_8000, 0xbf82_0000),
        (0x3fff_ffff, 0x4000_0000), (0x0000_8000, 0), (0x0000_8001, 0x0001_0000),
        (0x7f7f_ffff, 0x7f80_0000), (0xff7f_ffff, 0xff80_0000),
    ])
    func halvesGoToTheEvenNumber(bits: Int, expected: Int) {
        let result = rounded([Float(bitPattern: UInt32(bits))])
        #expect(result.first?.bitPattern == UInt32(expected))
    }

    @Test func infinitiesAndWhatIsNoNumberStayWhatTheyAre() {
        let signalling = [0x7f80_0001, 0xff80_0001, 0x7fff_ffff, 0x7fc0_0000].map {
            Float(bitPattern: UInt32($0))
        }
        let result = rounded([.infinity, -.infinity] + signalling)
        #expect(result[0] == .infinity && result[1] == -.infinity)
        #expect(result.dropFirst(2).allSatisfy { $0.isNaN })
    }

    @Test func theNearestNumberIsTaken() {
        var state: UInt32 = 1
        for _ in 0..<10_000 {
            state = state &* 1_664_525 &+ 1_013_904_223
            let number = Float(bitPattern: state)
            guard number.isFinite, number.magnitude < 0x1p127 else { continue }
            let result = rounded([number])[0]
            for step in [UInt32(0x1_0000), 0 &- 0x1_0000] {
                let other = Float(bitPattern: result.bitPattern &+ step)
                guard other.isFinite, other.sign == result.sign else { continue }
                #expect(abs(Double(result) - Double(number)) <= abs(Double(other) - Double(number)))
            }
        }
    }

    @Test func memoriesOf32BitsStayAsTheyAre() {
        let floats: [Float] = [0.1, -3.14159, 1e-30]
        let memory = SpatialMemory.exact(floats)
        var copied = [Float](repeating: 0, count: memory.count)
        copied.withUnsafeMutableBufferPointer { memory.copy(to: $0) }
        #expect(copied == floats)
    }

    /// Four by four places of two channels.
    @Test func poolingTakesTheMeansOfSquaresForEachChannel() {
        let floats = (0..<16).flatMap { [Float($0), Float(-100 * ($0 % 4))] }
        let memory = floats.withUnsafeBufferPointer { SpatialMemory(rounding: $0) }
        func values(_ memory: SpatialMemory) -> [Float] {
            var floats = [Float](repeating: 0, count: memory.count)
            floats.withUnsafeMutableBufferPointer { memory.copy(to: $0) }
            return floats
        }
        let halved = values(memory.pooled(by: 2, size: 4))
        #expect(halved == [2.5, -50, 4.5, -250, 10.5, -50, 12.5, -250])
        #expect(values(memory.pooled(by: 4, size: 4)) == [7.5, -150])
        #expect(memory.pooled(by: 1, size: 4) == memory)
    }
}
