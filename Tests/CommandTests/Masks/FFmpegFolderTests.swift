import Files
import SystemPackage
import TestSupport
import Testing

/// `EIGHTCUT_FFMPEG`: ffmpeg and ffprobe of a folder.
@Suite struct FFmpegFolderTests {
    private func masks(
        _ folder: TemporaryFolder,
        _ value: String,
        path: String? = nil
    ) async throws -> ProgramResult {
        let clip = try await Clip.make(folder["clip.mp4"], size: (64, 48), rate: 4)
        var variables = ["EIGHTCUT_FFMPEG": value]
        if let path { variables["PATH"] = path }
        return try await Program.run8cut(
            ["masks", "saliency", "-i", clip.string],
            environment: variables,
            in: folder.path
        )
    }

    @Test func bothProgramsAreThoseOfTheFolder() async throws {
        let folder = try TemporaryFolder()
        let programs = try await ProgramFolder(folder["own"], real: [])
        for name in ["ffmpeg", "ffprobe"] {
            try await programs.add(name, script: "echo x >> \"$0.ran\"; exec \"$REAL\" \"$@\"")
        }
        // None is in PATH.
        let result = try await masks(folder, folder["own"].string, path: "/no-such-folder")
        #expect(result.status == 0, "\(result.errors)")
        let names = try Folder.names(in: folder["own"])
        #expect(names.contains("ffmpeg.ran") && names.contains("ffprobe.ran"))
    }

    @Test func anEmptyValueIsNone() async throws {
        let folder = try TemporaryFolder()
        #expect(try await masks(folder, "").status == 0)
    }

    @Test(arguments: [
        ("own", "it does not begin with a slash"), ("/no-such-folder", "there is no such folder"),
        ("/dev/null", "there is no such folder"), ("EMPTY", "there is no program ffmpeg in it"),
        ("HALF", "there is no program ffprobe in it"),
    ])
    func aFolderThatWillNotDoIsNamedWithTheVariable(value: String, why: String) async throws {
        let folder = try TemporaryFolder()
        try Folder.create(folder["own"])
        _ = try await ProgramFolder(folder["EMPTY"], real: [])
        _ = try await ProgramFolder(folder["HALF"], real: ["ffmpeg"])
        let path = value == value.uppercased() ? folder[value].string : value
        let result = try await masks(folder, path)
        #expect(result.status == 69)
        #expect(
            result.errors.contains("EIGHTCUT_FFMPEG names '\(path)': \(why)"),
            "\(result.errors)"
        )
        #expect(result.errors.contains("or unset it"))
    }
}
