import Diagnostics
import Files
import FoundationEssentials
import Glibc
import SystemPackage

/// `dataset.json`: the list of the clips in a folder, for programs that read them.
///
/// Several processes may change it at once: each change is made under the folder's lock, and the
/// file is replaced as a whole. What others have written is kept as it stands.
package struct DatasetFile: Sendable {
    /// Its name.
    package static let fileName = "dataset.json"

    private let folder: FilePath
    private static let mostBytes = 1 << 30

    /// The list of a folder.
    package init(in folder: FilePath) {
        self.folder = folder.absolute
    }

    /// Where it is.
    package var path: FilePath { folder.appending(Self.fileName) }

    /// One element: its text, and what it is about.
    private struct Item {
        var text: String
        let path: String?
    }

    /// Adds entries, or puts them in the place of those with the same path, and takes others out.
    ///
    /// - Parameters:
    ///   - entries: what to add or change.
    ///   - removed: paths, relative to the folder, of entries to take out.
    /// - Returns: where a damaged file was moved to; nil when all was well.
    /// - Throws: `EightCutError` when the folder cannot be written to, or `CancellationError`.
    @discardableResult
    package func update(
        _ entries: [DatasetEntry],
        removing removed: [String] = []
    ) async throws -> FilePath? {
        let lock = try await FolderLock(waitingFor: folder)
        defer { withExtendedLifetime(lock) {} }
        var (items, aside) = try read()
        var places: [String: Int] = [:]
        for (place, item) in items.enumerated() {
            if let path = item.path { places[relative(path)] = places[relative(path)] ?? place }
        }
        var isChanged = false
        for entry in entries {
            if let place = places[entry.path] {
                let others = JSONSlices.fields(items[place].text) ?? []
                let text = entry.json(keeping: others)
                isChanged = isChanged || text != items[place].text
                items[place].text = text
            } else {
                places[entry.path] = items.count
                items.append(Item(text: entry.json(keeping: []), path: entry.path))
                isChanged = true
            }
        }
        let gone = Set(removed.compactMap { places[$0] })
        guard isChanged || !gone.isEmpty else { return aside }
        let kept = items.enumerated().filter { !gone.contains($0.offset) }.map(\.element.text)
        let text = kept.isEmpty ? "[]\n" : "[\n  " + kept.joined(separator: ",\n  ") + "\n]\n"
        try AtomicFile.write(text, to: path, isDurable: true)
        return aside
    }

    /// The paths of all entries, relative to the folder where they lie in it.
    ///
    /// - Throws: `EightCutError` when the file cannot be read or is damaged.
    package func paths() throws -> [String] {
        guard let items = try parse() else { throw damaged() }
        return items.compactMap { $0.path.map(relative) }
    }

    /// The entries that can be understood, with paths relative to the folder.
    package func entries() throws -> [DatasetEntry] {
        guard let items = try parse() else { throw damaged() }
        return items.compactMap { item in
            guard let fields = try? JSONDecoder().decode(Fields.self, from: Data(item.text.utf8)),
                let path = fields.path
            else { return nil }
            return DatasetEntry(
                path: relative(path),
                label: fields.label ?? "",
                category: fields.category ?? "",
                source: fields.source ?? "",
                start: fields.start ?? 0,
                duration: fields.duration ?? 0,
                masks: (fields.masks ?? []).map { .init(method: $0.method, path: $0.path) }
            )
        }
    }

    private func damaged() -> EightCutError {
        EightCutError(
            .outputUnusable,
            "cannot read the list of clips",
            on: path.string,
            because: "it is damaged",
            remedy: "8cut library check --fix sets it aside and writes it anew."
        )
    }

    private func read() throws -> ([Item], aside: FilePath?) {
        if let items = try parse() { return (items, nil) }
        for number in 1..<10_000 {
            let aside = folder.appending(Self.fileName + ".damaged-\(number)")
            guard access(aside.string, F_OK) != 0 else { continue }
            do {
                try AtomicFile.rename(path, to: aside)
            } catch {
                throw fileError("cannot set aside the damaged list of clips", path, error)
            }
            return ([], aside)
        }
        throw damaged()
    }

    /// What is there; nil when it is damaged.
    private func parse() throws -> [Item]? {
        let bytes: [UInt8]
        do {
            bytes = try SmallFile.read(path, limit: Self.mostBytes)
        } catch Errno.noSuchFileOrDirectory {
            return []
        } catch let error as Errno {
            throw fileError("cannot read the list of clips", path, error)
        }
        guard String(validating: bytes, as: UTF8.self) != nil,
            let fields = try? JSONDecoder().decode([PathField].self, from: Data(bytes)),
            let texts = JSONSlices.elements(bytes), texts.count == fields.count
        else { return nil }
        return zip(texts, fields).map { Item(text: $0, path: $1.path) }
    }

    /// A path as seen from the folder. Absolute ones are those of the Python 8-cut.
    private func relative(_ text: String) -> String {
        let path = FilePath(text).lexicallyNormalized()
        guard path.isAbsolute else { return path.string }
        var rest = path
        return rest.removePrefix(folder.lexicallyNormalized()) ? rest.string : path.string
    }

    private struct Fields: Decodable {
        struct Masks: Decodable {
            let method: String
            let path: String
        }

        let path: String?
        let label: String?
        let category: String?
        let source: String?
        let start: Double?
        let duration: Double?
        let masks: [Masks]?
    }
}

/// The path of an element that may be anything.
private struct PathField: Decodable {
    let path: String?

    private enum CodingKeys: String, CodingKey {
        case path
    }

    init(from decoder: any Decoder) {
        path = try? decoder.container(keyedBy: CodingKeys.self).decode(String.self, forKey: .path)
    }
}
