import Diagnostics
import Files
import FoundationEssentials
import Glibc
import SystemPackage

/// The folder of the Python environment on disk.
///
/// A folder is ours if it has one of two markers: `8cut-incomplete.json` is written before
/// anything else is, `8cut.json` last of all. Nothing else is ever deleted. Reinstall sets the
/// old environment aside as `venv.previous`.
package struct ToolsFolder: Sendable {
    /// Marks an environment that is complete.
    package static let marker = "8cut.json"
    /// Marks one that is being made or deleted.
    package static let earlyMarker = "8cut-incomplete.json"

    /// The state of a folder, according to its markers.
    package enum Content: Sendable {
        /// There is nothing.
        case missing
        /// It is empty: whoever made it was ended before it could write anything.
        case empty
        /// Ours, and its making or deleting was not finished.
        case begun
        /// Ours, and complete.
        case complete
        /// Somebody else's, or not a folder.
        case foreign
    }

    /// The folder that holds everything of ours.
    package let home: EightCutHome

    package init(home: EightCutHome) {
        self.home = home
    }

    /// The environment.
    package var path: FilePath { home.environment }
    /// The one that Reinstall has set aside.
    package var previous: FilePath { home.path.appending("venv.previous") }
    /// What is left of one that was given up, for as long as deleting it takes.
    package var discarded: FilePath { home.path.appending("venv.discarded") }
    /// Its Python.
    package var python: FilePath { path.appending("bin").appending("python") }
    /// Where pip puts its temporary files.
    var temporary: FilePath { path.appending("8cut-temporary") }

    /// Bytes that all of it takes up on disk.
    var sizeOnDisk: Int { [path, previous, discarded].map(FolderTree.sizeOnDisk).reduce(0, +) }

    /// The state of a folder, according to its markers.
    package static func content(of path: FilePath) -> Content {
        do {
            guard let name = path.lastComponent,
                let parent = try OpenFolder.ifPresent(path.removingLastComponent()),
                // A link, or a file, is an error here.
                let folder = try parent.folder(name)
            else { return .missing }
            let isThere = { (name: String) in
                try FilePath.Component(name).flatMap { try folder.status(of: $0) }?.kind == .file
            }
            if try isThere(marker) { return .complete }
            if try isThere(earlyMarker) { return .begun }
            return try folder.names().allSatisfy(AtomicFile.isTemporary) ? .empty : .foreign
        } catch {
            return .foreign
        }
    }

    /// Keeps other runs away from the environment.
    ///
    /// Waits a moment, because asking for the status takes the lock too.
    ///
    /// - Throws: `EightCutError`, of code `outputBusy` when another run is working on it.
    package func lock() throws -> FolderLock {
        try adapting {
            let folder = try home.open()
            for _ in 0..<10 {
                do {
                    return try FolderLock(folder)
                } catch let error as EightCutError where error.code == .outputBusy {
                    usleep(20_000)
                }
            }
            return try FolderLock(folder)
        }
    }

    /// Whether another run is working on the environment.
    package var isBusy: Bool {
        guard access(home.path.string, F_OK) == 0 else { return false }
        do {
            _ = try lock()
            return false
        } catch {
            return (error as? EightCutError)?.code == .outputBusy
        }
    }

    /// Makes the folder, marked as ours.
    func begin(_ marker: ToolsMarker) throws {
        try adapting {
            try Folder.create(path)
            try marker.write(to: path.appending(Self.earlyMarker))
            try Folder.create(temporary)
        }
    }

    /// Marks the environment as complete: the last thing that is written.
    func complete(_ marker: ToolsMarker) throws {
        try adapting {
            try? FolderTree.remove(temporary)
            try marker.write(to: path.appending(Self.marker))
            unlink(path.appending(Self.earlyMarker).string)
        }
    }

    /// Runs file operations, with remedies that fit an environment.
    func adapting<Result>(_ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch let error as Errno {
            throw adapted(fileError("cannot change the folder", path, error))
        } catch let error as EightCutError {
            throw adapted(error)
        }
    }

    private func adapted(_ error: EightCutError) -> EightCutError {
        let remedy: String? =
            switch error.code {
            case .outputBusy: "Wait for it to end, then run the same command again."
            case .outputUnusable: "Set EIGHTCUT_HOME to a folder that you may write to."
            case .inputOutput:
                "Free some disk space, or set EIGHTCUT_HOME to a folder on another disk."
            default: error.remedy
            }
        return error.advising(remedy)
    }
}

/// The content of `8cut.json` in an environment: that it is ours and how it was made.
package struct ToolsMarker: Sendable, Codable, Equatable {
    /// Version of this format.
    package static let currentSchema = 1
    /// More bytes than any marker has.
    private static let limit = 1 << 20

    /// Version of the format.
    package let schema: Int
    /// Version of the program that made the environment.
    package let program: String
    /// The build of the inference library.
    package let variant: ToolVariant
    /// Whether it has the packages of the reference implementations.
    package let reference: Bool
    /// Versions of all packages, by name.
    package let packages: [String: String]
    /// When it was made, as ISO 8601.
    package let created: String

    /// Describes an environment that is made now.
    init(variant: ToolVariant, reference: Bool, packages: [String: String]) {
        schema = Self.currentSchema
        program = programVersion
        self.variant = variant
        self.reference = reference
        self.packages = packages
        created = Date.now.formatted(.iso8601)
    }

    /// Reads a marker.
    ///
    /// - Throws: when it cannot be read, is no plain file, or a newer program wrote it.
    package init(readingFrom path: FilePath) throws {
        let folder = try OpenFolder(path.removingLastComponent())
        guard let name = path.lastComponent, let bytes = try folder.read(name, limit: Self.limit)
        else { throw Errno.noSuchFileOrDirectory }
        self = try JSONDecoder().decode(ToolsMarker.self, from: Data(bytes))
        guard schema == Self.currentSchema else { throw UnknownSchema() }
    }

    /// Writes the marker; it is there whole or not at all, even after a power cut.
    ///
    /// - Throws: `EightCutError`.
    func write(to path: FilePath) throws {
        let text = try JSONText.pretty(self)
        try AtomicFile.write(text + "\n", to: path, isDurable: true)
    }

    private struct UnknownSchema: Error {}
}
