import Saliency
import TestSupport
import Testing

@Suite("What the clip's colours say")
struct ClipColourTests {
    private static let tuning = SaliencyTuning.standard.inference
    private let colours = ClipColours(tuning)

    private func part(
        of colour: [UInt8],
        _ frames: [[UInt8]],
        _ x: [Float],
        certainty: Float = tuning.certainty
    ) -> Float {
        let table = table(frames, x, certainty: certainty)
        return colour.withUnsafeBufferPointer { table[colours.bin($0, 0)] }
    }

    private func table(
        _ frames: [[UInt8]],
        _ x: [Float],
        certainty: Float = tuning.certainty
    ) -> [Float] {
        x.withUnsafeBufferPointer { x in
            x.baseAddress.map { colours.table(frames, $0, certainty: certainty) } ?? []
        }
    }

    private let red: [UInt8] = [120, 190, 160]
    private let grey: [UInt8] = [120, 128, 128]
    private let blue: [UInt8] = [120, 128, 60]

    private func frame(_ parts: [(colour: [UInt8], count: Int)]) -> [UInt8] {
        parts.flatMap { part in (0..<part.count).flatMap { _ in part.colour } }
    }

    private func values(_ parts: [(value: Float, count: Int)]) -> [Float] {
        parts.flatMap { [Float](repeating: $0.value, count: $0.count) }
    }

    @Test("A colour of the object alone is the object's, one of the ground alone is not")
    func apart() {
        let frames = [frame([(red, 10), (grey, 90)])]
        let x = values([(1, 10), (0, 90)])
        #expect(part(of: red, frames, x) > 0.99)
        #expect(part(of: grey, frames, x) < 0.01)
    }

    @Test("Shares count, not numbers: a small object has its colours too")
    func shares() {
        // Half of a small object is blue, and a tenth of the large ground.
        let frames = [frame([(red, 5), (blue, 5), (grey, 900), (blue, 100)])]
        let x = values([(1, 5), (1, 5), (0, 900), (0, 100)])
        let blue = part(of: blue, frames, x)
        #expect(abs(blue - 0.5 / (0.5 + 0.1)) < 0.02, "\(blue)")
    }

    @Test("Uncertain places teach nothing, and certainty has a limit")
    func certainty() {
        let frames = [frame([(red, 10), (red, 90), (grey, 100)])]
        let plain = part(of: red, frames, values([(1, 10), (0.5, 90), (0, 100)]))
        #expect(plain > 0.99)
        // From 1 / certainty on all count alike.
        let weak = values([(0.75, 10), (0.25, 90), (0, 100)])
        let (low, high) = (
            part(of: red, frames, weak, certainty: 1), part(of: red, frames, weak, certainty: 100)
        )
        #expect(low != high)
        #expect(high == part(of: red, frames, weak, certainty: 2))
    }

    @Test("The order of frames and places does not matter")
    func order() {
        var random = RandomSource(seed: 6)
        // Certain values: sums are exact.
        let places = (0..<600).map { _ in
            (
                colour: (0..<3).map { _ in UInt8(128 + 100 * random.signed()) },
                value: random.signed() > 0.4 ? Float(1) : 0
            )
        }
        func table(_ places: [(colour: [UInt8], value: Float)]) -> [Float] {
            let frames = stride(from: 0, to: 600, by: 100).map { start in
                places[start..<start + 100].flatMap(\.colour)
            }
            return self.table(frames, places.map(\.value))
        }
        let first = table(places)
        #expect(first == table(places.reversed()))
        #expect(first == table(places.shuffled(using: &random)))
    }

    @Test("Every bin has a part between 0 and 1")
    func bounded() {
        var random = RandomSource(seed: 7)
        let frames = (0..<3).map { _ in
            (0..<300).map { _ in UInt8(128 + 127 * random.signed()) }
        }
        let x = (0..<300).map { _ in 0.5 + 0.5 * random.signed() }
        let table = table(frames, x)
        #expect(
            table.count == Self.tuning.lightBins * Self.tuning.chromaBins * Self.tuning.chromaBins
        )
        #expect(table.allSatisfy { (0...1).contains($0) })
        #expect(self.table([], [0]).allSatisfy { $0 == 0 })
    }

    @Test("Neighbouring colours learn from each other, far ones do not")
    func neighbours() {
        let frames = [frame([(red, 50), (grey, 50)])]
        let x = values([(1, 50), (0, 50)])
        // One bin of lightness is 256 / 12 steps.
        let near: [UInt8] = [red[0] + 21, red[1], red[2]]
        #expect(part(of: near, frames, x) > 0.9)
        #expect(part(of: blue, frames, x) == 0)
    }
}
