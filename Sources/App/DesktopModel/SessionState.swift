import Diagnostics
import Files
import FoundationEssentials
import SystemPackage

/// What the app remembers from one start to the next: `session.json` in the home folder.
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
    /// The clip that was cut last.
    package var lastClip: String?
    /// Marks, by the paths of clips.
    package var marks: [String: [Mark]] = [:]

    private static let fileName = "session.json"

    package init() {}

    /// Reads what is there; what is missing, or was written otherwise by another version, is as
    /// nobody has changed it.
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

    /// Reads what was remembered. What cannot be read is set aside, not deleted.
    ///
    /// - Returns: the session, and where a damaged file was moved to.
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

    /// Remembers it.
    package func write(_ home: EightCutHome) throws {
        try Folder.create(home.path)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        let text = String(decoding: try encoder.encode(self), as: UTF8.self)
        try AtomicFile.write(text, to: home.path.appending(Self.fileName))
    }
}

/// Which colours the window has.
package enum Appearance: String, Sendable, Codable, CaseIterable {
    case system, light, dark
}
