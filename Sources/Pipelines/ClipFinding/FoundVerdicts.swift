import Diagnostics
import Files
import FoundationEssentials
import ScanStore
import SystemPackage

/// What a person has said about clips that were found in a video: those that are kept and wait to be
/// exported, and those that are not to be offered again.
package struct FoundVerdicts: Sendable, Equatable {
    package enum Verdict: String, Sendable, Codable {
        case keep, reject
    }

    /// A clip with its verdict.
    package struct Entry: Sendable, Equatable, Codable {
        /// In seconds from the start of the video.
        package let start: Double
        package let startFrame: Int
        /// In seconds.
        package let duration: Double
        package let verdict: Verdict

        package init(start: Double, startFrame: Int, duration: Double, _ verdict: Verdict) {
            (self.start, self.startFrame) = (start, startFrame)
            (self.duration, self.verdict) = (duration, verdict)
        }

        /// Whether the numbers can be those of a clip: another program may have written the file.
        fileprivate var isPossible: Bool {
            (0...1e9).contains(start) && (0...1_000_000_000).contains(startFrame)
                && (0.001...86_400).contains(duration)
        }
    }

    /// By start, one for each first frame.
    package private(set) var entries: [Entry] = []

    /// The most that are kept of a video.
    private static let most = 100_000

    package init() {}

    fileprivate init(_ entries: [Entry]) {
        for entry in entries.prefix(Self.most) where entry.isPossible { set(entry) }
    }

    /// Those with a verdict, by start.
    package func entries(_ verdict: Verdict) -> [Entry] {
        entries.filter { $0.verdict == verdict }
    }

    /// What was said about the clip that begins with a frame; nil if nothing was.
    package func entry(ofFrame frame: Int) -> Entry? {
        let place = place(ofFrame: frame)
        return place < entries.count && entries[place].startFrame == frame ? entries[place] : nil
    }

    /// Takes a verdict, in the place of an earlier one.
    package mutating func set(_ entry: Entry) {
        remove(frame: entry.startFrame)
        entries.insert(entry, at: place(ofFrame: entry.startFrame))
    }

    /// Forgets the verdict on the clip that begins with a frame.
    package mutating func remove(frame: Int) {
        let place = place(ofFrame: frame)
        guard place < entries.count, entries[place].startFrame == frame else { return }
        entries.remove(at: place)
    }

    private func place(ofFrame frame: Int) -> Int {
        var (low, high) = (0, entries.count)
        while low < high {
            let middle = (low + high) / 2
            if entries[middle].startFrame < frame { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// The parts of the video in which nothing is offered because of a verdict.
    package func taken(_ verdicts: Verdict...) -> [ClipSearch.Taken] {
        entries.filter { verdicts.contains($0.verdict) }.map { entry in
            ClipSearch.Taken(
                start: entry.start,
                duration: entry.duration,
                entry.verdict == .keep ? .kept : .rejected
            )
        }
    }
}

/// Where verdicts are: `finds` in the home folder, a file for each video as it was scanned.
package struct FoundVerdictStore: Sendable, Equatable {
    private let home: EightCutHome
    private let name: FilePath.Component

    private static let version = 1
    private static let folderName: FilePath.Component = "finds"
    private static let mostBytes = 32 << 20
    /// Added to the name of a file that cannot be read as verdicts, when it is replaced.
    private static let damaged = ".damaged"

    /// - Parameters:
    ///   - home: the home folder.
    ///   - key: of the scan.
    package init(_ home: EightCutHome, _ key: ScanKey) {
        self.home = home
        name = FilePath.Component(key.name + ".json") ?? "unnamed.json"
    }

    private struct Document: Codable {
        let v: Int
        let verdicts: [Item]
    }

    /// An entry, or something that this version does not know.
    private struct Item: Codable {
        let entry: FoundVerdicts.Entry?

        init(_ entry: FoundVerdicts.Entry) { self.entry = entry }

        init(from decoder: any Decoder) throws { entry = try? FoundVerdicts.Entry(from: decoder) }

        func encode(to encoder: any Encoder) throws { try entry?.encode(to: encoder) }
    }

    private struct Version: Decodable { let v: Int }

    /// What was said before. Entries that make no sense are left out, and a damaged file has none.
    ///
    /// - Throws: `EightCutError` when the file cannot be read, or a newer version of the program wrote it.
    package func read() throws -> FoundVerdicts {
        guard let folder = try OpenFolder.ifPresent(home.path.appending(Self.folderName)) else {
            return FoundVerdicts()
        }
        return try read(folder).verdicts
    }

    private func read(_ folder: OpenFolder) throws -> (verdicts: FoundVerdicts, isDamaged: Bool) {
        guard let bytes = try folder.read(name, limit: Self.mostBytes) else {
            return (FoundVerdicts(), false)
        }
        let (decoder, data) = (JSONDecoder(), Data(bytes))
        guard let version = try? decoder.decode(Version.self, from: data).v else {
            return (FoundVerdicts(), true)
        }
        guard version <= Self.version else {
            throw EightCutError(
                .inputUnusable,
                "cannot use what was kept and rejected before",
                on: folder.path.appending(name).string,
                because: "a newer version of 8cut has written it",
                remedy: "Update 8cut, or move this file away."
            )
        }
        guard let document = try? decoder.decode(Document.self, from: data) else {
            return (FoundVerdicts(), true)
        }
        return (FoundVerdicts(document.verdicts.compactMap(\.entry)), false)
    }

    /// Changes what is kept, one program at a time. The file appears whole or not at all, and only its
    /// owner may read it. A damaged one is renamed.
    ///
    /// - Returns: the verdicts as they are now.
    /// - Throws: `EightCutError` when the file cannot be read or written, and is then unchanged;
    ///   `CancellationError`.
    @discardableResult
    package func change(
        _ body: @Sendable (inout FoundVerdicts) -> Void
    ) async throws -> FoundVerdicts {
        let folder = try home.open().createFolder(Self.folderName, permissions: .privateFolder)
        let lock = try await FolderLock(waitingFor: folder.path)
        defer { withExtendedLifetime(lock) {} }
        var (verdicts, isDamaged) = try read(folder)
        if isDamaged, let aside = FilePath.Component(name.string + Self.damaged) {
            try? folder.rename(name, to: folder, as: aside, replaces: true)
        }
        let before = verdicts
        body(&verdicts)
        if verdicts != before || isDamaged {
            let document = Document(v: Self.version, verdicts: verdicts.entries.map(Item.init))
            try folder.write(
                try JSONText.pretty(document) + "\n",
                to: name,
                permissions: .privateFile
            )
        }
        return verdicts
    }
}
