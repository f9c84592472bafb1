import Diagnostics
import Files
import Glibc
import Synchronization
import SystemPackage

/// A hidden folder beside the masks in which a method keeps what it needs to resume an interrupted
/// run. It exists only while the masks are not complete. It is created when it is first needed, and
/// held open from then on.
package final class Workspace: Sendable {
    static let name: FilePath.Component = ".8cut-work"

    private let parent: OpenFolder
    /// The folders that are open: nil is the workspace itself.
    private let opened = Mutex<[FilePath.Component?: OpenFolder]>([:])

    /// - Parameter parent: the folder of the masks.
    init(in parent: OpenFolder) { self.parent = parent }

    /// Where it is, for messages.
    package var path: FilePath { parent.path.appending(Self.name) }

    /// The path of a file in it, for messages.
    package func path(of file: WorkspaceFile) -> FilePath {
        (file.folder.map { path.appending($0) } ?? path).appending(file.name)
    }

    /// Whether anything is in it.
    var isInUse: Bool { (try? parent.folder(Self.name)?.names())?.isEmpty == false }

    /// Writes or replaces a file that detects damage: its content is followed by its SHA-256.
    ///
    /// - Throws: `EightCutError` when it cannot be written.
    package func write(
        _ bytes: [UInt8],
        to file: WorkspaceFile,
        isDurable: Bool = false
    ) throws {
        let digest = Self.digest(of: bytes)
        try folder(file.folder).write(to: file.name, isDurable: isDurable) { descriptor in
            _ = try bytes.withUnsafeBytes { try descriptor.writeAll($0) }
            _ = try descriptor.writeAll(digest)
        }
    }

    /// Reads what was written to a file.
    ///
    /// - Parameters:
    ///   - file: the file.
    ///   - limit: more bytes count as damage.
    /// - Returns: the bytes; nil when the file is missing or damaged.
    package func read(_ file: WorkspaceFile, limit: Int) -> [UInt8]? {
        let digestLength = 64
        guard let folder = try? existing(file.folder),
            var bytes = try? folder.read(file.name, limit: limit + digestLength),
            bytes.count >= digestLength
        else { return nil }
        let digest = Array(bytes.suffix(digestLength))
        bytes.removeLast(digestLength)
        return Self.digest(of: bytes) == digest ? bytes : nil
    }

    /// Waits until what was written to files is on the disk.
    ///
    /// - Throws: `EightCutError` when that fails.
    package func synchronize(_ files: [WorkspaceFile]) throws {
        for file in files {
            guard let descriptor = try existing(file.folder)?.open(file.name) else {
                throw fileError("cannot write", path(of: file), .noSuchFileOrDirectory)
            }
            do {
                try descriptor.closeAfter {
                    guard fsync(descriptor.rawValue) == 0 else { throw Errno(rawValue: errno) }
                }
            } catch let error as Errno {
                throw fileError("cannot write", path(of: file), error)
            }
        }
    }

    /// A file without a name, of which nothing is left when it is closed, whatever ends the run.
    ///
    /// - Throws: `EightCutError` when there can be none.
    package func makeBuffer() throws -> NewFile {
        let folder = try folder(nil)
        let file = try folder.newFile(for: "buffer", permissions: .privateFile)
        try folder.removeFile(file.temporaryName)
        return file
    }

    /// Deletes what is ours in it, and the folder when nothing else is in it.
    ///
    /// - Returns: what was left, because it is not ours.
    /// - Throws: `EightCutError` when it cannot be deleted, or a link has its name.
    @discardableResult
    package func remove() throws -> [FilePath] {
        opened.withLock { $0 = [:] }
        return try parent.removeFolder(Self.name, .workspace)
    }

    private func existing(_ name: FilePath.Component?) throws -> OpenFolder? {
        if let folder = opened.withLock({ $0[name] }) { return folder }
        let workspace = try parent.folder(Self.name)
        guard let name else { return workspace }
        return try workspace?.folder(name)
    }

    private func folder(_ name: FilePath.Component?) throws -> OpenFolder {
        try opened.withLock { opened in
            let workspace = try opened[nil] ?? parent.createFolder(Self.name)
            opened[nil] = workspace
            guard let name else { return workspace }
            let folder = try opened[name] ?? workspace.createFolder(name)
            opened[name] = folder
            return folder
        }
    }

    private static func digest(of bytes: [UInt8]) -> [UInt8] {
        let digest = Digest()
        bytes.withUnsafeBytes { digest.update($0) }
        return Array(digest.finish().utf8)
    }
}

/// A file in a workspace. There are no others, so that only these are ever deleted.
package enum WorkspaceFile: Sendable, Equatable {
    /// How far the run has come.
    case state
    /// What was found before the run began.
    case found
    /// The mask of an object on a frame that will be written later.
    case mask(object: Int, frame: Int)

    static let stateName: FilePath.Component = "state.plist"
    static let foundName: FilePath.Component = "found.json"
    private static let maskSuffix = ".logits"

    /// The folder in the workspace, nil for the workspace itself.
    var folder: FilePath.Component? {
        switch self {
        case .state, .found: nil
        case .mask(let object, _):
            FilePath.Component(AuxiliaryFolder.ofObject(object).folder)
        }
    }

    var name: FilePath.Component {
        switch self {
        case .state: Self.stateName
        case .found: Self.foundName
        case .mask(_, let frame): FilePath.Component("\(frame)" + Self.maskSuffix) ?? "logits"
        }
    }

    static func isFolder(_ name: FilePath.Component) -> Bool {
        AuxiliaryFolder.object(of: name.string) != nil
    }

    static func isMask(_ name: FilePath.Component) -> Bool {
        let bytes = Array(name.string.utf8)
        guard bytes.suffix(maskSuffix.utf8.count).elementsEqual(maskSuffix.utf8) else {
            return false
        }
        return DecimalName.value(bytes.dropLast(maskSuffix.utf8.count)) != nil
    }
}

/// Numbers in names.
enum DecimalName {
    /// The number that digits are; nil for anything else, or too large for a frame or an object.
    static func value(_ digits: some Collection<UInt8>) -> Int? {
        guard (1...10).contains(digits.count), digits.allSatisfy({ (0x30...0x39).contains($0) })
        else { return nil }
        return digits.reduce(0) { 10 * $0 + Int($1 - 0x30) }
    }
}
