import Files
import SystemPackage

extension Library {
    /// Writes what is known of finished clips into `dataset.json` of their folder.
    ///
    /// - Parameter ids: clips; those that are not finished are left out.
    /// - Returns: where damaged lists were moved to.
    /// - Throws: `EightCutError` when a folder cannot be written to.
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

    /// What `dataset.json` says about a clip.
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
