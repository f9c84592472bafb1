import BatchList
import ClipLibrary
import Files
import SystemPackage
import TestSupport
import Testing

/// A folder for lists, with a home of its own.
struct PlanBench {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    subscript(_ name: String) -> FilePath { folder.path.pushing(FilePath(name)) }

    /// Runs `8cut batch plan` for the built-in method, unless another is named.
    func plan(_ arguments: [String]) async throws -> ProgramResult {
        let method = arguments.contains("--method") ? [] : ["--method", "saliency"]
        return try await Program.run8cut(
            ["batch", "plan"] + method + arguments,
            environment: ["EIGHTCUT_HOME": folder["home"].string, "HOME": folder.path.string],
            in: folder.path
        )
    }

    /// Runs it, and reads the list that it has written.
    func rows(_ arguments: [String], _ name: String = "list.jsonl") async throws -> [BatchRow] {
        let result = try await plan(arguments + ["--output", name])
        try #require(result.status == 0, "\(result.errors)")
        let list = try BatchList(self[name].string)
        return try (0..<list.count).map(list.row)
    }

    /// Makes an empty file, or one with a text.
    func write(_ name: String, _ text: String = "") throws {
        try Folder.create(self[name].removingLastComponent())
        try AtomicFile.write(text, to: self[name])
    }

    /// Adds clips to the library that are on no disk.
    func addClips(_ count: Int, label: String? = nil) async throws {
        let library = try await Library.open(EightCutHome(folder["home"]))
        for number in 1...count {
            let info = ClipInfo(
                path: self["clips/\(label ?? "dog")_00\(number).mp4"].string,
                label: label,
                category: nil,
                start: number * 10_000_000_000,
                duration: 8,
                frameCount: 200 + number,
                frameRate: "25/1",
                width: 1280,
                height: 720,
                sampleRate: nil,
                sampleCount: nil,
                settings: "{}"
            )
            let draft = ClipDraft(info, pending: info.path + ".tmp")
            let file = FileFingerprint(bytes: 1, modified: 1, headAndTailSHA256: info.path)
            let id = try await library.begin([draft], of: self["v.mp4"], file)[0]
            try await library.finish(id, draft, file)
        }
    }
}

extension BatchRow {
    /// The clip, or the source that it is cut from.
    var path: FilePath? {
        switch video {
        case .clip(let place): place.path
        case .cut(let cut): cut.source.path
        }
    }

    var cut: Cut? {
        guard case .cut(let cut) = video else { return nil }
        return cut
    }
}
