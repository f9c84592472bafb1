import Diagnostics
import Files
import FoundationEssentials
import Glibc
import SystemPackage

/// What the app keeps from one start to the next: `session.json` in the home folder.
package struct SessionState: Sendable, Equatable, Codable {
    /// A video of the playlist.
    package struct File: Sendable, Equatable, Codable {
        package var path: String
        package var cursor: Double

        package init(path: String, cursor: Double) {
            (self.path, self.cursor) = (path, cursor)
        }
    }

    package var files: [File] = []
    package var current: String?
    package var export = ExportForm()
    package var masks = MaskForm()
    package var overlay = OverlayModel.Style()
    package var appearance = Appearance.system
    package var volume = 1.0
    package var isMuted = false
    package var windowWidth = 1180
    package var windowHeight = 800
    /// Path of the clip that masks are made of.
    package var lastClip: String?
    /// Marks by the paths of their clips.
    package var marks: [String: [Mark]] = [:]

    private static let fileName = "session.json"

    package init() {}

    /// Reads what is there. Missing values, and those that another version wrote in another form,
    /// have their defaults.
    package init(from decoder: any Decoder) throws {
        let keyed = try decoder.container(keyedBy: CodingKeys.self)
        func take<Value: Decodable>(_ key: CodingKeys, _ value: inout Value) {
            if let found = try? keyed.decode(Value.self, forKey: key) { value = found }
        }
        take(.files, &files)
        current = try? keyed.decode(String.self, forKey: .current)
        take(.export, &export)
        take(.masks, &masks)
        take(.overlay, &overlay)
        take(.appearance, &appearance)
        take(.volume, &volume)
        take(.isMuted, &isMuted)
        take(.windowWidth, &windowWidth)
        take(.windowHeight, &windowHeight)
        take(.marks, &marks)
        lastClip = try? keyed.decode(String.self, forKey: .lastClip)
    }

    /// Reads the file. A damaged one is renamed, not deleted.
    ///
    /// - Returns: the session, and the new path of a damaged file.
    package static func read(_ home: EightCutHome) -> (state: SessionState, damaged: FilePath?) {
        let path = home.path.appending(fileName)
        guard let bytes = try? SmallFile.read(path, limit: 16 << 20) else {
            return (SessionState(), nil)
        }
        if let state = try? JSONDecoder().decode(SessionState.self, from: Data(bytes)) {
            return (state, nil)
        }
        let aside = home.path.appending(fileName + ".damaged")
        try? AtomicFile.rename(path, to: aside)
        return (SessionState(), aside)
    }

    package func write(_ home: EightCutHome) throws {
        try Folder.create(home.path)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        let text = String(decoding: try encoder.encode(self), as: UTF8.self)
        try AtomicFile.write(text, to: home.path.appending(Self.fileName))
    }
}

/// The colour scheme of the window.
package enum Appearance: String, Sendable, Codable, CaseIterable {
    case system, light, dark
}

/// Writes the session when it has changed, half a second later, one write at a time.
@MainActor
final class SessionWriter {
    private let home: EightCutHome
    private let notices: NoticeModel
    private var state = SessionState()
    private var saved: SessionState?
    private var saving: Task<Void, Never>?
    /// Whether an error has been reported: once, not with every attempt.
    private var hasFailed = false

    init(_ home: EightCutHome, _ notices: NoticeModel) {
        (self.home, self.notices) = (home, notices)
    }

    func save(_ state: SessionState) {
        self.state = state
        guard state != saved, saving == nil else { return }
        saving = Task { [weak self] in
            try? await Task.sleep(for: .milliseconds(500))
            guard let self, !Task.isCancelled else { return }
            await write()
            saving = nil
            if !Task.isCancelled { save(self.state) }
        }
    }

    private func write() async {
        let (state, home) = (state, home)
        do {
            try await background { try state.write(home) }
            saved = state
            hasFailed = false
        } catch {
            if !hasFailed { notices.fail(error) }
            hasFailed = true
            try? await Task.sleep(for: .seconds(5))
        }
    }

    /// Writes the last state and stops.
    func finish(_ state: SessionState) async {
        let last = saving
        last?.cancel()
        await last?.value
        let home = home
        await background { try? state.write(home) }
    }
}

/// A folder for files that are only needed while the app runs. What a crash has left behind is
/// removed by the next start.
struct TemporaryFolder: Sendable {
    let path: FilePath

    private static let prefix = "desktop-"

    /// Creates a folder in the home folder, and removes those of apps that do not run any more.
    ///
    /// - Throws: `EightCutError` if the home folder is not writable.
    init(in home: EightCutHome) throws {
        try Folder.create(home.path)
        for name in (try? Folder.names(in: home.path)) ?? []
        where name.hasPrefix(exactly: Self.prefix) {
            guard let owner = pid_t(name.dropFirst(Self.prefix.count)), kill(owner, 0) != 0 else {
                continue
            }
            try? FolderTree.remove(home.path.appending(name))
        }
        path = home.path.appending(Self.prefix + "\(getpid())")
        try Folder.create(path)
    }

    func remove() { try? FolderTree.remove(path) }
}
