import Diagnostics
import Files
import SystemPackage

/// `dataset.json`: the list of the clips in a folder, for other programs.
///
/// Several processes may change it at once: each change is made under the folder's lock and replaces
/// the file. Elements and fields of other programs are kept byte for byte.
package struct DatasetFile: Sendable {
    package static let fileName = "dataset.json"

    private static let name: FilePath.Component = "dataset.json"
    private let folder: FilePath
    /// Half a million clips.
    private static let mostBytes = 128 << 20

    package init(in folder: FilePath) {
        self.folder = folder.absolute
    }

    package var path: FilePath { folder.appending(Self.fileName) }

    /// An element of the list.
    private struct Item {
        /// Its JSON.
        var text: String
        /// The clip as it is written there; nil if it has none.
        let path: String?
        /// The members with other names than ours, as JSON.
        let others: [String]
        /// What was read; nil for an entry that was added.
        var element: LocatedJSON?
    }

    /// Adds entries, replacing those with the same path, and removes others.
    ///
    /// - Parameters:
    ///   - entries: entries to add or change.
    ///   - removed: paths, relative to the folder, of entries to remove.
    ///   - others: members of other programs, as JSON, for entries that are new.
    /// - Returns: the path that a damaged file was moved to; nil if it was not damaged. The caller
    ///   says so: `reportDamage`.
    /// - Throws: `EightCutError` when the folder is not writable, or something else than a plain
    ///   file has the name of the list, or `CancellationError`.
    @discardableResult
    package func update(
        _ entries: [DatasetEntry],
        removing removed: [String] = [],
        keeping others: [String] = []
    ) async throws -> FilePath? {
        let lock = try await FolderLock(waitingFor: folder)
        defer { withExtendedLifetime(lock) {} }
        return try update(entries, removing: removed, keeping: others, in: OpenFolder(folder))
    }

    /// The same for a caller that holds the lock of the folder.
    func update(
        _ entries: [DatasetEntry],
        removing removed: [String] = [],
        keeping others: [String] = [],
        in folder: OpenFolder
    ) throws -> FilePath? {
        var (items, aside) = try read(folder)
        var places: [ExactText: Int] = [:]
        for (place, item) in items.enumerated() {
            guard let path = item.path.map({ ExactText(relative($0)) }) else { continue }
            places[path] = places[path] ?? place
        }
        // Programs that do not look beside the list need absolute paths, and have written them.
        let written = items.compactMap(\.path)
        let isAbsolute = !written.isEmpty && written.allSatisfy { FilePath($0).isAbsolute }
        var isChanged = false
        for entry in entries {
            if let place = places[ExactText(entry.path)] {
                let keepsPath = items[place].path.map { FilePath($0).isAbsolute } == true
                let text = entry.json(
                    keeping: items[place].others,
                    in: keepsPath ? self.folder : nil
                )
                isChanged = isChanged || text != items[place].text
                items[place].text = text
            } else {
                places[ExactText(entry.path)] = items.count
                let text = entry.json(keeping: others, in: isAbsolute ? self.folder : nil)
                items.append(Item(text: text, path: entry.path, others: others))
                isChanged = true
            }
        }
        let gone = Set(removed.compactMap { places[ExactText($0)] })
        guard isChanged || !gone.isEmpty else { return aside }
        let kept = items.enumerated().filter { !gone.contains($0.offset) }.map(\.element.text)
        let text = kept.isEmpty ? "[]\n" : "[\n  " + kept.joined(separator: ",\n  ") + "\n]\n"
        try folder.write(text, to: Self.name, isDurable: true)
        return aside
    }

    /// What other programs have added to an entry, as JSON members; empty where nothing is known.
    func others(of path: String) -> [String] {
        let items = (try? parsed()) ?? nil ?? []
        return items.first { $0.path.map(relative)?.isExactly(path) == true }?.others ?? []
    }

    /// The paths of all entries; those inside the folder are relative to it.
    ///
    /// - Throws: `EightCutError` when the file cannot be read or is damaged.
    package func paths() throws -> [String] {
        guard let items = try parsed() else { throw damaged() }
        return items.compactMap { $0.path.map(relative) }
    }

    /// The valid entries, with paths relative to the folder.
    package func entries() throws -> [DatasetEntry] {
        guard let items = try parsed() else { throw damaged() }
        return items.compactMap { item in
            guard let path = item.path, let fields = Fields(item.element) else { return nil }
            return DatasetEntry(
                path: relative(path),
                label: fields.label,
                category: fields.category,
                source: fields.source,
                start: fields.start,
                duration: fields.duration,
                masks: fields.masks,
                review: fields.review
            )
        }
    }

    private func damaged() -> EightCutError {
        EightCutError(
            .outputUnusable,
            "cannot read the list of clips",
            on: path.string,
            because: "it is damaged",
            remedy: "8cut library check --fix moves it aside and writes a new one."
        )
    }

    /// What is said of a list that was damaged.
    package static func damage(movedTo path: FilePath) -> MessageText {
        "the list of clips was damaged; it is now \(quoted(path.string)), and a new one was begun. "
            + "8cut library check --fix lists the other clips again."
    }

    /// Says on standard error, also with `--quiet`, that a list was damaged.
    ///
    /// - Parameter path: what `update` has returned.
    package static func reportDamage(_ path: FilePath?) {
        if let path { Log(level: .quiet).alert(damage(movedTo: path).english) }
    }

    /// Makes sure that the list can be written: nothing but a plain file has its name.
    package func requireUsable(in folder: OpenFolder) throws {
        try folder.status(of: Self.name)?.requirePlainFile(path)
    }

    private func read(_ folder: OpenFolder) throws -> ([Item], aside: FilePath?) {
        if let items = try parse(folder) { return (items, nil) }
        for number in 1..<10_000 {
            guard let aside = FilePath.Component(Self.fileName + ".damaged-\(number)"),
                try folder.status(of: aside) == nil
            else { continue }
            do {
                try folder.rename(Self.name, to: folder, as: aside, replaces: false)
            } catch {
                throw fileError("cannot move aside the damaged list of clips", path, error)
            }
            return ([], self.folder.appending(aside))
        }
        throw damaged()
    }

    private func parsed() throws -> [Item]? {
        guard let folder = try OpenFolder.ifPresent(folder) else { return [] }
        return try parse(folder)
    }

    /// The elements of the file; nil when it is damaged.
    private func parse(_ folder: OpenFolder) throws -> [Item]? {
        guard let raw = try folder.read(Self.name, limit: Self.mostBytes) else { return [] }
        let bytes = DecodedText.utf8(raw)
        // Somebody has only made the file: nothing in it can be lost.
        if bytes.allSatisfy({ [0x20, 0x09, 0x0A, 0x0D].contains($0) }) { return [] }
        let text = { (range: Range<Int>) in String(decoding: bytes[range], as: UTF8.self) }
        return (try? LocatedJSON(parsing: bytes, .lenient))?.items?.map { element in
            let others = (element.members ?? []).filter { !DatasetEntry.names.contains($0.name) }
            return Item(
                text: text(element.range),
                // What cannot be a path belongs to another program.
                path: (element["path"] ?? element["video_path"])?.string
                    .flatMap { $0.utf8.contains(0) ? nil : $0 },
                others: others.map { "\(text($0.nameRange)): \(text($0.value.range))" },
                element: element
            )
        }
    }

    /// A path relative to the folder. The Python 8-cut wrote absolute ones.
    private func relative(_ text: String) -> String {
        let path = FilePath(text).lexicallyNormalized()
        guard path.isAbsolute else { return path.string }
        var rest = path
        return rest.removePrefix(folder.lexicallyNormalized()) ? rest.string : path.string
    }

    /// The members that this program writes. What else an entry has, and of what kind, is the
    /// business of others.
    private struct Fields {
        var (label, category, source) = ("", "", "")
        var (start, duration) = (0.0, 0.0)
        var masks: [DatasetEntry.Masks] = []
        var review: DatasetEntry.Review?

        /// - Returns: nil when a member has another kind of value.
        init?(_ element: LocatedJSON?) {
            guard let element else { return nil }
            do {
                label = try Self.value(element["label"], \.string) ?? ""
                category = try Self.value(element["category"], \.string) ?? ""
                source = try Self.value(element["source"], \.string) ?? ""
                start = try Self.value(element["start"], \.number) ?? 0
                duration = try Self.value(element["duration"], \.number) ?? 0
                masks = try (Self.value(element["masks"], \.items) ?? []).map {
                    guard let method = $0["method"]?.string, let path = $0["path"]?.string else {
                        throw OtherKind()
                    }
                    return .init(
                        method: method,
                        path: path,
                        confidence: try Self.value($0["confidence"], \.number),
                        score: try Self.value($0["score"], \.number)
                    )
                }
                if let verdict = try Self.value(element["verdict"], \.string).flatMap(Verdict.init)
                {
                    let reviewer = try Self.value(element["reviewer"], \.string) ?? ""
                    review = .init(verdict: verdict, reviewer: reviewer)
                }
            } catch { return nil }
        }

        private struct OtherKind: Error {}

        private static func value<Value>(
            _ json: LocatedJSON?,
            _ kind: KeyPath<LocatedJSON, Value?>
        ) throws -> Value? {
            guard let json, json.content != .null else { return nil }
            guard let value = json[keyPath: kind] else { throw OtherKind() }
            return value
        }
    }
}
