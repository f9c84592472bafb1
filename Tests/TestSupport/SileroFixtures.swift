import Files
import SystemPackage
import Weights

/// What Silero VAD's own code gives: Tests/Fixtures/silero/README.md.
package struct SileroFixtures {
    private static let folder = FilePath(#filePath).removingLastComponent()
        .removingLastComponent().appending("Fixtures").appending("silero")
    /// Names and shapes of the published weights.
    package static let weightList = folder.appending("weights.json")

    /// Parameters of the rule by their names in the package, and the segments that it makes.
    package struct Rule: Sendable {
        /// Its number.
        package let index: Int
        private let parameters: LocatedJSON
        /// Samples of the audio.
        package let sampleCount: Int
        /// The segments.
        package let segments: [Range<Int>]

        fileprivate init(_ index: Int, _ json: LocatedJSON) throws {
            guard let parameters = json["parameters"], let samples = json["samples"]?.integer else {
                throw FixtureTensors.Missing(key: "rule \(index)")
            }
            self.index = index
            self.parameters = parameters
            sampleCount = samples
            segments = try SileroFixtures.ranges(json["segments"])
        }

        /// A number that was given; nil for the package's default.
        package func number(_ name: String) -> Double? { parameters[name]?.number }
        /// A truth value that was given.
        package func flag(_ name: String) -> Bool? { parameters[name]?.bool }
    }

    /// What the package gives: `audio`, `probabilities`, `state`, `rule.0` and so on.
    package let expected: FixtureTensors
    /// Segments of speech in `samples`, by the package's defaults.
    package let speech: [Range<Int>]
    /// The rule with other parameters, each on probabilities of its own.
    package let rules: [Rule]

    /// - Throws: when the files cannot be read.
    package init() throws {
        expected = FixtureTensors(
            try CheckpointWeights(file: Self.folder.appending("expected.safetensors"))
        )
        let path = Self.folder.appending("expected.json")
        let json = try LocatedJSON(parsing: SmallFile.read(path, limit: 1 << 20))
        speech = try Self.ranges(json["speech"])
        rules = try (json["rules"]?.items ?? []).enumerated().map {
            try Rule($0.offset, $0.element)
        }
    }

    /// 30 s of audio: what is there five times, half as loud each time, but for the last 100
    /// samples.
    package func samples() throws -> [Float] {
        let audio = try expected.shorts("audio").values.map { Float($0) / 32_768 }
        let all = (0..<5).flatMap { number in audio.map { $0 / Float(1 << number) } }
        return Array(all.dropLast(100))
    }

    private static func ranges(_ json: LocatedJSON?) throws -> [Range<Int>] {
        guard let items = json?.items else { throw FixtureTensors.Missing(key: "segments") }
        return items.compactMap { item in
            guard let ends = item.items?.compactMap(\.integer), ends.count == 2 else { return nil }
            return ends[0]..<ends[1]
        }
    }
}
