import Files
import SystemPackage
import TestSupport
import Testing

/// A folder with a library of its own in which a test exports.
struct ExportBench: Sendable {
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    /// Where the clips go.
    var clips: FilePath { folder["clips"] }

    /// `EIGHTCUT_HOME`.
    var home: FilePath { folder["home"] }

    /// The variables of every run.
    var environment: [String: String] {
        [
            "EIGHTCUT_HOME": home.string, "XDG_DATA_HOME": folder["data"].string,
            "HOME": folder.path.string,
        ]
    }

    /// Runs `8cut export` with fast settings.
    func export(_ input: FilePath, _ start: String, _ options: [String] = []) async throws
        -> ProgramResult
    {
        let hasName = options.contains("--name")
        return try await run(
            ["export", "-i", input.string, "--start", start, "--to", clips.string]
                + (hasName ? [] : ["--name", "clip"]) + ["--preset", "ultrafast"] + options
        )
    }

    /// Runs `8cut`.
    func run(_ arguments: [String]) async throws -> ProgramResult {
        try await Program.run8cut(arguments, environment: environment, in: folder.path)
    }

    /// Exports one clip and decodes it.
    func cut(
        _ input: FilePath,
        _ start: String,
        _ options: [String] = [],
        audioStream: Int? = 0,
        file: String = "clip_001.mp4"
    ) async throws -> DecodedClip {
        let result = try await export(input, start, options)
        try #require(result.status == 0, "\(result.errors)")
        return try await DecodedClip(clips.appending(file), audioStream: audioStream)
    }

    /// The names in the folder of clips, without hidden ones and without the list.
    var names: [String] {
        get throws {
            try Folder.names(in: clips).filter { !$0.hasPrefix(".") && $0 != "dataset.json" }
        }
    }
}

/// Checks that a clip has the audio of its frames: start and end are where they should be.
func expectAudio(
    _ clip: DecodedClip,
    of source: DecodedClip,
    from first: Int,
    count: Int,
    within tolerance: Int = 0,
    sourceLocation: SourceLocation = #_sourceLocation
) {
    #expect(clip.samples.count >= count, sourceLocation: sourceLocation)
    guard clip.samples.count >= count else { return }
    for place in [0, count / 2, count - 3000] {
        let found = clip.find(place, near: first + place, in: source)
        #expect(
            found.map { abs($0 - first - place) <= tolerance } ?? false,
            "sample \(place) is \(found.map { "\($0 - first)" } ?? "no sample") of the source",
            sourceLocation: sourceLocation
        )
    }
}
