import Diagnostics
import Files
import Processes
import SystemPackage

/// The trash of the desktop: its folders, or, from the sandbox of a Flatpak, its portal. The folders
/// that a sandbox sees are not those of the desktop.
struct DesktopTrash: Sendable {
    /// What was moved to the trash.
    enum Item: Sendable {
        case kept(Trash.Item)
        /// The portal took it. Where it put it, a sandbox cannot see.
        case given

        /// Whether it can be moved back.
        var canBeRestored: Bool {
            if case .kept = self { true } else { false }
        }
    }

    let usesPortal: Bool

    init(usesPortal: Bool = FlatpakSandbox.current != nil) {
        self.usesPortal = usesPortal
    }

    /// Moves a file to the trash.
    ///
    /// - Throws: `EightCutError` (`outputUnusable`) when it stays where it is.
    func move(_ path: FilePath) async throws -> Item {
        guard usesPortal else { return .kept(try Trash.move(path)) }
        try await give(path)
        return .given
    }

    /// Moves some files of a folder to the trash, as a folder of that name. What else is in it stays.
    ///
    /// - Throws: `EightCutError`; then they stay where they are.
    func move(_ files: [FilePath], of folder: FilePath) async throws -> Item {
        guard usesPortal else { return .kept(try Trash.move(files, of: folder)) }
        let separated = try Trash.separate(files, of: folder)
        do {
            try await give(separated)
        } catch {
            Trash.rejoin(files, of: folder, from: separated)
            throw error
        }
        return .given
    }

    /// Moves an item back. One that the portal took stays in the trash.
    ///
    /// - Throws: `EightCutError`.
    func restore(_ item: Item) throws {
        if case .kept(let item) = item { try Trash.restore(item) }
    }

    /// GIO, which every desktop's runtime has, knows the portal.
    private func give(_ path: FilePath) async throws {
        let gio = ChildProcess(.name("gio"), ["trash", path.string])
        do {
            let child = try await gio.collect(outputLimit: 1 << 16, errorLimit: 1 << 12)
            guard !child.exit.isSuccess else { return }
            throw Trash.failure(
                path,
                child.errors.exactLines.last.map { visible($0) }
                    ?? "gio ended with status \(child.exit.shellStatus)"
            )
        } catch let error as ChildProcessError {
            throw Trash.failure(path, error.reason)
        }
    }
}
