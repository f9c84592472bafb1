import FoundationEssentials
import SystemPackage
import TestSupport
import Testing

/// Runs `8cut detect`.
enum DetectRun {
    /// What it prints with `--json`.
    struct Document: Decodable {
        let v: Int
        let candidates: [Candidate]
    }

    struct Candidate: Decodable, Equatable {
        let frame: Int
        let point: [Double]
        let box: [Double]
        let score: Double
        /// Only with `--sound`.
        let correlation: Double?
        let lag: Int?
        let p: Double?
        let sounds: String?
    }

    static func run(_ clip: FilePath, _ options: [String] = []) async throws -> ProgramResult {
        try await Program.run8cut(
            ["detect", "-i", clip.string] + options,
            environment: TestTools.environment
        )
    }

    /// The candidates of a video in which something stands out.
    static func candidates(
        _ clip: FilePath,
        _ options: [String] = [],
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> [Candidate] {
        let result = try await run(clip, ["--json"] + options)
        #expect(result.status == 0, "\(result.errors)", sourceLocation: sourceLocation)
        let document = try JSONDecoder().decode(Document.self, from: Data(result.output.utf8))
        #expect(document.v == 1, sourceLocation: sourceLocation)
        return document.candidates
    }
}
