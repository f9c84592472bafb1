import Diagnostics
import Files
import FoundationEssentials
import Media
import SystemPackage

/// What the app keeps from one start to the next: `session.json` in the home folder.
package struct SessionState: Sendable, Equatable, Codable {
    /// A video of the playlist.
    package struct File: Sendable, Equatable, Codable {
        package var path: String
        package var cursor: Double
        /// How the video is read.
        package var video: VideoOptions

        package init(path: String, cursor: Double, video: VideoOptions = VideoOptions()) {
            (self.path, self.cursor, self.video) = (path, cursor, video)
        }

        package init(from decoder: any Decoder) throws {
            let keyed = try decoder.container(keyedBy: CodingKeys.self)
            path = try keyed.decode(String.self, forKey: .path)
            cursor = try keyed.decode(Double.self, forKey: .cursor)
            video = (try? keyed.decode(VideoOptions.self, forKey: .video)) ?? VideoOptions()
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

    private static let fileName: FilePath.Component = "session.json"
    /// The most bytes in the file.
    private static let mostBytes = 64 << 20

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

    /// Reads the file, with its numbers and lists kept within limits. What cannot be read, or is no
    /// plain file, is renamed, not deleted.
    ///
    /// - Returns: the session, and the new path of a damaged file.
    package static func read(_ home: EightCutHome) -> (state: SessionState, damaged: FilePath?) {
        guard let folder = try? OpenFolder.ifPresent(home.path) else {
            return (SessionState(), nil)
        }
        do {
            guard let bytes = try folder.read(fileName, limit: mostBytes) else {
                return (SessionState(), nil)
            }
            let state = try JSONDecoder().decode(SessionState.self, from: Data(bytes))
            return (state.bounded, nil)
        } catch {
            return (SessionState(), setAside(folder))
        }
    }

    /// - Returns: the new path; nil if it cannot be renamed.
    private static func setAside(_ folder: OpenFolder) -> FilePath? {
        // What was set aside before stays.
        for number in 1..<100 {
            let ending = ".damaged" + (number == 1 ? "" : "-\(number)")
            guard let name = FilePath.Component(fileName.string + ending) else { return nil }
            do {
                guard try folder.status(of: name) == nil else { continue }
                try folder.rename(fileName, to: folder, as: name, replaces: false)
                return folder.path.appending(name)
            } catch Errno.fileExists {
                continue
            } catch {
                return nil
            }
        }
        return nil
    }

    package func write(_ home: EightCutHome) throws {
        let folder = try home.open()
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        let text = String(decoding: try encoder.encode(self), as: UTF8.self)
        try folder.write(text, to: Self.fileName, permissions: .privateFile)
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
