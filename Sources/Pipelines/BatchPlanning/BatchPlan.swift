import BatchList
import Diagnostics
import Files
import MaskStore
import SystemPackage

/// What all rows of a list have in common, and how clips become rows.
package struct BatchPlan: Sendable {
    /// Where the prompts of a row are.
    package enum Prompts: Sendable {
        /// One file for all rows.
        case file(FilePath)
        /// A folder with a file for each clip: its name with `.json`.
        case folder(FilePath)
    }

    /// Where rows write.
    package enum Target: Sendable {
        /// The usual place of masks: beside each video.
        case besideVideos
        /// A folder, as an absolute path, or an address in an object store.
        case folder(String)
    }

    private let method: BatchMethod
    private let settings: [String: JSONScalar]
    private let pins: BatchRow.Pins
    private let prompts: Prompts?
    private let target: Target

    /// - Parameters:
    ///   - method: makes the masks.
    ///   - settings: options of the method.
    ///   - pins: what has to be the same on all machines.
    ///   - prompts: where the prompts are; nil for none.
    ///   - target: where rows write; a folder where clips are cut.
    package init(
        method: BatchMethod,
        settings: [String: JSONScalar],
        pins: BatchRow.Pins,
        prompts: Prompts?,
        target: Target
    ) {
        self.method = method
        self.settings = settings
        self.pins = pins
        self.prompts = prompts
        self.target = target
    }

    /// Makes the rows, one after the other.
    ///
    /// - Parameters:
    ///   - clips: in the order of the rows.
    ///   - folder: paths in it are written relative to it; nil to write whole paths.
    ///   - body: gets each row.
    /// - Throws: `EightCutError` when a clip cannot be a row, or two rows would write to one place;
    ///   what `body` throws.
    package func forEachRow(
        _ clips: [ListedClip],
        relativeTo folder: FilePath?,
        _ body: (BatchRow) throws -> Void
    ) throws {
        var (ids, checks) = (UniqueIDs(), RowChecks())
        for (place, clip) in clips.enumerated() {
            if place % 1000 == 999 { try Task.checkCancellation() }
            var row = try row(clip, id: ids.id(for: clip.name), folder)
            row.line = place + 1
            if let (why, _) = checks.problem(row) {
                throw EightCutError(
                    .usage,
                    "cannot make a list of these clips",
                    because: "line \(row.line): \(why)",
                    remedy: "Choose a folder for the masks, so that each clip has one of its own."
                )
            }
            try body(row)
        }
    }

    private func row(_ clip: ListedClip, id: String, _ folder: FilePath?) throws -> BatchRow {
        let place = { (path: FilePath) in try Self.place(path, folder) }
        let video: BatchRow.Video
        let output: BatchPlace
        switch (clip.video, target) {
        case (.file(let path), .besideVideos):
            video = .clip(try place(path))
            output = try place(MaskFolder.defaultPath(for: path))
        case (.file(let path), .folder(let target)):
            video = .clip(try place(path))
            output = try Self.place(target, "\(id)_masks", folder)
        case (.cut(let cut), .folder(let target)):
            video = .cut(
                BatchRow.Cut(
                    source: try cut.source.path.map(place) ?? cut.source,
                    start: "\(cut.start)",
                    duration: cut.duration,
                    profile: cut.settings.profile,
                    clip: try Self.place(target, "\(id).mp4", folder)
                )
            )
            output = try Self.place(target, "\(id)_masks", folder)
        case (.cut(let cut), .besideVideos):
            throw EightCutError(
                .usage,
                "cannot make a list of cuts",
                on: cut.source.written,
                because: "there is no folder for the clips"
            )
        }
        var row = BatchRow(id: id, video: video, output: output, method: method)
        row.prompts = try prompts(of: clip, id).map(place)
        row.settings = settings
        row.pins = pins
        (row.label, row.category) = (clip.label, clip.category)
        row.frames = clip.frames.flatMap { BatchRow.frameCounts.contains($0) ? $0 : nil }
        return row
    }

    private func prompts(of clip: ListedClip, _ id: String) throws -> FilePath? {
        switch prompts {
        case nil: return nil
        case .file(let path): return path
        case .folder(let folder):
            var name = id
            if case .file(let path) = clip.video { name = path.stem ?? id }
            let path = folder.appending(name + ".json")
            guard FileStatus(following: path)?.kind == .file else {
                throw EightCutError(
                    .inputMissing,
                    "cannot find the prompts",
                    on: path.string,
                    because: "there is no such file",
                    remedy: "Write one for each clip, with 8cut detect, or leave the clip out."
                )
            }
            return path
        }
    }

    /// A place of a row: relative where it is in the folder of the list.
    private static func place(_ path: FilePath, _ folder: FilePath?) throws -> BatchPlace {
        guard FilePath(path.string) == path else {
            throw EightCutError(
                .inputUnusable,
                "cannot write into a list",
                on: path.string,
                because: "its name is not UTF-8, and a list is",
                remedy: "Rename the file."
            )
        }
        guard let folder else { return BatchPlace(path) }
        var rest = path.lexicallyNormalized()
        guard rest.removePrefix(folder), !rest.isEmpty,
            let place = try? BatchPlace(rest.string, in: folder)
        else { return BatchPlace(path) }
        return place
    }

    /// A place in the folder that rows write to.
    private static func place(
        _ target: String,
        _ name: String,
        _ folder: FilePath?
    ) throws -> BatchPlace {
        guard target.hasPrefix(exactly: "s3://") else {
            return try place(FilePath(target).appending(name), folder)
        }
        let address = (target.hasSuffix(exactly: "/") ? target : target + "/") + name
        return try BatchPlace(address: address)
    }
}

extension BatchPlace {
    /// - Parameter address: `s3://bucket/key`.
    /// - Throws: `EightCutError` when it names no object.
    init(address: String) throws {
        do {
            try self.init(address, in: "/")
        } catch {
            throw EightCutError(
                .usage,
                "cannot use the address",
                on: address,
                because: "it " + error.why,
                remedy: MessageText(error.remedy)
            )
        }
    }
}

/// Makes ids of names: usable as file names, and each only once.
private struct UniqueIDs {
    private var used: [String: Int] = [:]

    /// With a number and `.json`, a result's name fits.
    private static let mostBytes = 180

    mutating func id(for name: String) -> String {
        let base = Self.fileName(name)
        var id = base
        while let count = used[id] {
            used[id] = count + 1
            id = "\(base)-\(count + 1)"
        }
        used[id] = 1
        return id
    }

    /// A name without slashes, control characters and dots before it.
    private static func fileName(_ name: String) -> String {
        var (text, bytes) = ("", 0)
        for scalar in name.unicodeScalars {
            let isLost = scalar == "/" || scalar.isInvisible
            let next: Unicode.Scalar = isLost || text.isEmpty && scalar == "." ? "_" : scalar
            bytes += UTF8.width(next)
            if bytes > mostBytes { break }
            text.unicodeScalars.append(next)
        }
        return text.isEmpty ? "clip" : text
    }
}
