import SystemPackage
import Weights

/// What the package of TransNet V2 gives: Tests/Fixtures/transnetv2/README.md.
package struct TransNetFixtures {
    private static let folder = FilePath(#filePath).removingLastComponent()
        .removingLastComponent().appending("Fixtures").appending("transnetv2")
    /// Names and shapes of the published weights.
    package static let weightList = folder.appending("weights.json")
    /// A checkpoint of random weights.
    package static let tiny = folder.appending("tiny.pth")
    /// How many frames there are.
    package static let count = 130

    /// The probabilities `tiny.cut`, `tiny.transition`, `published.cut`, `published.transition`.
    package let expected: FixtureTensors

    /// - Throws: when the files cannot be read.
    package init() throws {
        expected = FixtureTensors(
            try CheckpointWeights(file: Self.folder.appending("expected.safetensors"))
        )
    }

    /// Four shots of patterns that move, the same as in `make_transnetv2_fixtures.py`.
    package static func frames() -> [UInt8] {
        var frames: [UInt8] = []
        for time in 0..<count {
            let (shot, age) = (time / 37, time % 37)
            for row in 0..<27 {
                for column in 0..<48 {
                    let pattern =
                        column * (3 + shot % 5) + row * (7 + 2 * shot) + age * (1 + shot % 3)
                        + column * row * (shot + 1) / 16
                    for colour in 0..<3 {
                        let value = pattern + colour * (40 + 13 * shot)
                        frames.append(UInt8(truncatingIfNeeded: value))
                    }
                }
            }
        }
        return frames
    }
}
