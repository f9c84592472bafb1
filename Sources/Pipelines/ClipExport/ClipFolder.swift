import Diagnostics
import Files
import Glibc
import SystemPackage

/// A folder of clips: gives out numbers, so that no two exports use the same one.
package struct ClipFolder: Sendable {
    package let path: FilePath

    /// A folder, which need not exist yet.
    package init(_ path: FilePath) {
        self.path = path.absolute
    }

    /// Reserves places for clips: each gets the next number of its name, in their order.
    ///
    /// - Parameters:
    ///   - clips: name, and how many overlapping clips share its number (0 for a single one).
    ///   - form: what is written.
    ///   - audio: how audio is written; decides the container.
    /// - Returns: the places, all siblings of a clip one after the other.
    /// - Throws: `EightCutError` when the folder cannot be written to.
    package func reserve(
        _ clips: [(name: String, siblings: Int)],
        form: CutSettings.Form,
        audio: CutSettings.Audio
    ) async throws -> [ClipPlace] {
        try Folder.create(path)
        let lock = try await FolderLock(waitingFor: path)
        defer { withExtendedLifetime(lock) {} }
        removeStaleFiles()
        var next: [String: Int] = [:]
        var places: [ClipPlace] = []
        do {
            for (name, siblings) in clips {
                let number = try next[name] ?? (lastNumber(of: name) + 1)
                next[name] = number + 1
                for sibling in 0..<max(1, siblings) {
                    let stem = ClipName.stem(name, number, sibling: siblings > 0 ? sibling : nil)
                    places.append(
                        try ClipPlace(
                            folder: path,
                            stem: stem,
                            number: number,
                            form: form,
                            audio: audio
                        )
                    )
                }
            }
        } catch {
            for place in places { place.abandon() }
            throw error
        }
        return places
    }

    /// The names that clips would get now.
    package func nextNames(_ clips: [(name: String, siblings: Int)]) throws -> [String] {
        var next: [String: Int] = [:]
        return try clips.flatMap { name, siblings in
            let number = try next[name] ?? (lastNumber(of: name) + 1)
            next[name] = number + 1
            return (0..<max(1, siblings)).map {
                ClipName.stem(name, number, sibling: siblings > 0 ? $0 : nil)
            }
        }
    }

    /// A place for a clip that is cut again: the old files stay until the new ones are complete.
    package func reserve(
        again stem: String,
        form: CutSettings.Form,
        audio: CutSettings.Audio
    ) async throws -> ClipPlace {
        try Folder.create(path)
        let lock = try await FolderLock(waitingFor: path)
        defer { withExtendedLifetime(lock) {} }
        return try ClipPlace(folder: path, stem: stem, number: 0, form: form, audio: audio)
    }

    private func lastNumber(of name: String) throws -> Int {
        guard try Folder.kind(of: path) == .folder else { return 0 }
        return try Folder.names(in: path).compactMap { file in
            ClipName.number(of: ClipPlace.finalName(of: file), name: name)
        }.max() ?? 0
    }

    /// Deletes the temporary files of exports that were killed. Those that still run hold a lock.
    private func removeStaleFiles() {
        for name in (try? Folder.names(in: path)) ?? []
        where name.hasPrefix(exactly: AtomicFile.clipPrefix) {
            let file = path.appending(name)
            let descriptor = open(file.string, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
            guard descriptor >= 0 else { continue }
            if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { try? FolderTree.remove(file) }
            close(descriptor)
        }
    }
}

/// Names of clips: `NAME_001`, or `NAME_001_0`, `NAME_001_1`, … for those that overlap.
package enum ClipName {
    /// The name without its ending.
    ///
    /// - Parameters:
    ///   - name: what the user has chosen.
    ///   - number: from 1.
    ///   - sibling: which of several overlapping clips; nil for a single one.
    /// - Returns: the name.
    package static func stem(_ name: String, _ number: Int, sibling: Int? = nil) -> String {
        let digits = String(number)
        let padded = String(repeating: "0", count: max(0, 3 - digits.count)) + digits
        return name + "_" + padded + (sibling.map { "_\($0)" } ?? "")
    }

    /// The number of a clip of `name` that a file or folder belongs to: `dog_007.mp4`,
    /// `dog_007_masks`, `dog_007_2.mp4`; nil for others.
    package static func number(of file: String, name: String) -> Int? {
        guard file.hasPrefix(exactly: name + "_") else { return nil }
        let rest = file.dropFirst(name.count + 1)
        let digits = rest.prefix { $0.isASCII && $0.isNumber }
        guard digits.count >= 3, digits.count <= 9 else { return nil }
        guard let next = rest.dropFirst(digits.count).first else { return Int(digits) }
        return next == "_" || next == "." ? Int(digits) : nil
    }

    /// Checks that a name is one of a file.
    ///
    /// - Throws: `EightCutError` when it is not.
    package static func check(_ name: String) throws {
        let why: String
        if name.isEmpty {
            why = "it is empty"
        } else if name.contains("/") || name.unicodeScalars.contains(where: { $0.value < 0x20 }) {
            why = "a name may not have slashes or control characters"
        } else if name.hasPrefix(exactly: ".") {
            why = "a name that begins with a dot is hidden"
        } else if name.utf8.count > 150 {
            why = "it is too long"
        } else {
            return
        }
        throw EightCutError(.usage, "cannot use the name", on: name, because: why)
    }
}
