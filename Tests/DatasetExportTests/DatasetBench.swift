import ClipLibrary
import DatasetExport
import DatasetProfiles
import Files
import Imaging
import Progress
import Synchronization
import SystemPackage
import TestSupport
import Testing

/// A library of clips whose files are texts, and a folder for data sets of them.
struct DatasetBench {
    let folder: TemporaryFolder
    let library: Library

    init() throws {
        folder = try TemporaryFolder()
        library = try Library.inMemory()
    }

    /// Where the data set goes.
    var set: FilePath { folder["set"] }

    /// Adds a finished clip at 25 fps, whose audio lasts as long as its frames. Its source is a name
    /// that stands for the content of a video. `audio` is a source of ffmpeg's for the clip of a
    /// film.
    @discardableResult
    func addClip(
        _ name: String,
        in place: String = "clips",
        label: String? = "dog barking",
        source: String = "a",
        start: Int = 0,
        frames: Int = 201,
        size: (Int, Int) = (64, 48),
        hasAudio: Bool = true,
        isFilm: Bool = false,
        audio: String? = nil
    ) async throws -> Int64 {
        let path = folder[place].appending(name + ".mp4")
        try Folder.create(folder[place])
        if isFilm {
            try await Program.ffmpeg([
                "-f", "lavfi", "-i", "testsrc2=size=\(size.0)x\(size.1):rate=25", "-f", "lavfi",
                "-i", audio ?? "sine=frequency=440:sample_rate=48000",
                "-frames:v", "\(frames)", "-t",
                "\(Double(frames) / 25)", "-pix_fmt", "yuv420p", path.string,
            ])
        } else {
            try AtomicFile.write("clip \(name) of \(source)", to: path)
        }
        let info = ClipInfo(
            path: path.string,
            label: label,
            category: nil,
            start: start * 1_000_000_000,
            duration: Double(frames) / 25,
            frameCount: frames,
            frameRate: "25/1",
            width: size.0,
            height: size.1,
            sampleRate: hasAudio ? 48_000 : nil,
            sampleCount: hasAudio ? frames * 1920 : nil,
            settings: "{}"
        )
        let draft = ClipDraft(
            info,
            pending: folder[place].appending(AtomicFile.clipPrefix + "1-" + name).string
        )
        let file = FileFingerprint(bytes: 1, modified: 1, headAndTailSHA256: "hash of " + source)
        let id = try await library.begin([draft], of: folder[source + ".mp4"], file)[0]
        try await library.finish(id, draft, try FileFingerprint(of: path))
        return id
    }

    /// Writes masks of a clip with a white square that moves, and a manifest, and records them.
    @discardableResult
    func addMasks(
        of id: Int64,
        _ method: String,
        in name: String? = nil,
        objects: Int = 0,
        recorded: Bool = true
    ) async throws -> FilePath {
        let clip = try #require(try await library.clip(id))
        let path = FilePath(clip.path)
        let file = try #require(path.lastComponent)
        let folder = path.removingLastComponent().appending(name ?? file.stem + "_masks")
        let (bytes, hash) = (try #require(clip.bytes), try #require(clip.hash))
        let places = ["."] + (0..<objects).map { "object_\($0 + 1)" }
        for (number, place) in places.enumerated() {
            let images = place == "." ? folder : folder.appending(place)
            try Folder.create(images)
            for frame in 0..<clip.frameCount {
                let image = Self.mask(clip.width, clip.height, frame + number)
                try PNG.write(image, to: images.appending("frame_\(Self.digits(frame)).png"))
            }
        }
        let text = Self.manifest(
            of: file.string,
            FileFingerprint(bytes: bytes, modified: 1, headAndTailSHA256: hash),
            (clip.width, clip.height),
            frames: clip.frameCount,
            method: method,
            objects: objects
        )
        try AtomicFile.write(text, to: folder.appending("masks.json"))
        if recorded {
            try await library.recordMasks(
                of: id,
                method: method,
                path: folder.string,
                settings: "{}",
                frameCount: clip.frameCount
            )
        }
        return folder
    }

    /// The manifest of finished masks.
    static func manifest(
        of name: String,
        _ file: FileFingerprint,
        _ size: (width: Int, height: Int),
        frames: Int,
        method: String,
        objects: Int = 0
    ) -> String {
        let records = (0..<frames).map { "{\"frame\": \($0), \"area\": 0.1}" }
        let auxiliary = (0..<objects).map {
            "{\"folder\": \"object_\($0 + 1)\", \"kind\": \"mask\"}"
        }
        return """
            {"schema": 3, "program": {"name": "8cut", "version": "0"}, "complete": true,
            "method": {"name": "\(method)", "settings": {}},
            "auxiliary": [\(auxiliary.joined(separator: ","))],
            "input": {"name": "\(name)", "width": \(size.width),
            "height": \(size.height), "frameRate": "25/1", "file": {"bytes": \(file.bytes),
            "modified": 1, "headAndTailSHA256": "\(file.headAndTailSHA256)"}},
            "frameCount": \(frames), "frames": [\(records.joined(separator: ","))]}
            """
    }

    /// A mask with a square at a place of its own.
    static func mask(_ width: Int, _ height: Int, _ number: Int) -> GrayImage {
        let pixels = (0..<width * height).map { place -> UInt8 in
            let (x, y) = (place % width, place / width)
            return (number % 40..<number % 40 + 8).contains(x) && (4..<12).contains(y) ? 255 : 0
        }
        return GrayImage(width: width, height: height, pixels: pixels)
    }

    static func digits(_ number: Int) -> String {
        String(repeating: "0", count: 4 - "\(number)".count) + "\(number)"
    }

    /// A data set of all clips.
    func plan(
        _ profile: String,
        _ change: (inout DatasetRequest) -> Void = { _ in }
    ) async throws -> (run: DatasetExportRun, plan: DatasetPlan, warnings: Warnings) {
        let named = try #require(DatasetProfile.named(profile))
        var request = DatasetRequest(profile: named, folder: set)
        change(&request)
        let warnings = Warnings()
        let run = DatasetExportRun(request, library: library, width: 2, reporter: warnings)
        return (run, try await run.plan(try await library.clips()), warnings)
    }

    /// Writes it.
    ///
    /// - Returns: how many files were made.
    @discardableResult
    func export(
        _ profile: String,
        _ change: (inout DatasetRequest) -> Void = { _ in }
    ) async throws -> Int {
        let (run, plan, _) = try await plan(profile, change)
        return try await run.write(plan)
    }

    /// All files of the data set but its record.
    var files: [String] {
        get throws {
            try MaskSet.content(of: set).keys.filter { !$0.hasPrefix(".8cut/") }.sorted()
        }
    }

    func text(_ path: String) throws -> String {
        String(decoding: try MaskSet.bytes(of: set.pushing(FilePath(path))), as: UTF8.self)
    }
}

/// Keeps the warnings of a run.
final class Warnings: ProgressReporter {
    private let messages = Mutex<[String]>([])

    var all: [String] { messages.withLock { $0 } }

    func report(_ event: ProgressEvent) {
        if case .warning(let warning) = event { messages.withLock { $0.append(warning.message) } }
    }
}
