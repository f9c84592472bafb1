import Files
import FoundationEssentials
import SystemPackage

/// The entry of a clip in `dataset.json`.
package struct DatasetEntry: Sendable, Equatable {
    package struct Masks: Sendable, Equatable {
        /// "saliency", "depth", "sam".
        package let method: String
        /// The folder, relative to that of the file.
        package let path: String

        package init(method: String, path: String) {
            self.method = method
            self.path = path
        }
    }

    /// The clip, relative to the folder of the file.
    package let path: String
    /// The label of the sound; empty without one.
    package let label: String
    /// The category of the label; empty without one.
    package let category: String
    /// The path of the source video.
    package let source: String
    /// The time of the first frame, in seconds from the start of the source video.
    package let start: Double
    /// In seconds.
    package let duration: Double
    package let masks: [Masks]

    package init(
        path: String,
        label: String,
        category: String,
        source: String,
        start: Double,
        duration: Double,
        masks: [Masks]
    ) {
        self.path = path
        self.label = label
        self.category = category
        self.source = source
        // Timestamps are not more exact than microseconds.
        self.start = (start * 1e6).rounded() / 1e6
        self.duration = (duration * 1e6).rounded() / 1e6
        self.masks = masks
    }

    /// The names of the fields that this program writes.
    static let names: Set = ["path", "label", "category", "source", "start", "duration", "masks"]

    /// The entry as JSON, indented by two.
    ///
    /// - Parameter others: further members as JSON, which other programs have added.
    /// - Returns: the text of the object.
    func json(keeping others: [String]) -> String {
        var fields = [
            ("path", Self.quoted(path)), ("label", Self.quoted(label)),
            ("category", Self.quoted(category)), ("source", Self.quoted(source)),
            ("start", Self.number(start)), ("duration", Self.number(duration)),
        ]
        if !masks.isEmpty {
            let items = masks.map {
                "      {\n        \"method\": \(Self.quoted($0.method)),\n"
                    + "        \"path\": \(Self.quoted($0.path))\n      }"
            }
            fields.append(("masks", "[\n" + items.joined(separator: ",\n") + "\n    ]"))
        }
        let lines = (fields.map { "\(Self.quoted($0.0)): \($0.1)" } + others).map { "    " + $0 }
        return "{\n" + lines.joined(separator: ",\n") + "\n  }"
    }

    private static func quoted(_ text: String) -> String {
        (try? JSONText.line(text)) ?? "\"\""
    }

    private static func number(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1e15 ? "\(Int(value))" : "\(value)"
    }
}

extension Library {
    /// Writes finished clips into the `dataset.json` of their folders.
    ///
    /// - Parameter ids: clips; those that are not finished are skipped.
    /// - Returns: the paths that damaged lists were moved to.
    /// - Throws: `EightCutError` when a folder is not writable.
    @discardableResult
    package func publish(_ ids: [Int64]) async throws -> [FilePath] {
        var entries: [FilePath: [DatasetEntry]] = [:]
        for id in ids {
            guard let clip = try await clip(id), clip.pending == nil else { continue }
            let folder = FilePath(clip.path).removingLastComponent()
            entries[folder, default: []].append(try await entry(of: clip))
        }
        var aside: [FilePath] = []
        for (folder, entries) in entries {
            if let path = try await DatasetFile(in: folder).update(entries) { aside.append(path) }
        }
        return aside
    }

    /// The entry of a clip in `dataset.json`.
    func entry(of clip: LibraryClip) async throws -> DatasetEntry {
        let folder = FilePath(clip.path).removingLastComponent()
        let masks = try await masks(of: clip.id).filter { !$0.isStale }
        return DatasetEntry(
            path: FilePath(clip.path).lastComponent?.string ?? clip.path,
            label: clip.label ?? "",
            category: clip.category ?? "",
            source: clip.source,
            start: Double(clip.start) / 1e9,
            duration: clip.duration,
            masks: masks.map {
                .init(method: $0.method, path: Self.relative(FilePath($0.path), to: folder))
            }
        )
    }

    private static func relative(_ path: FilePath, to folder: FilePath) -> String {
        var rest = path
        return rest.removePrefix(folder) ? rest.string : path.string
    }
}
