import Diagnostics
import Files
import GRDB
import Glibc
import SystemPackage

/// The clips with their labels and masks: a SQLite database that several processes may use at once.
///
/// **What happens in which order.** A program can be killed at any moment, so whatever changes both
/// files and records is written down first, done next, and marked as done last:
///
/// - *Exporting a clip.* Its record has a draft (`pending`) before ffmpeg starts. When the files are
///   complete under their temporary names, the draft gets their fingerprint; only then do they get
///   their names, then the record its values, then `dataset.json` its entry. The last three happen
///   under the lock of the folder.
/// - *Replacing a clip.* The same. The record keeps its old values, and the clip its old files,
///   until the new files are in place.
/// - *Relabelling, new masks.* The record is changed and marked as not yet listed (`unlisted`) in one
///   transaction; `dataset.json` is written next; the mark goes last.
/// - *Deleting clips.* All files go first, the manifest of masks and the note of images last of them,
///   then the entries in `dataset.json`, and then all records in one transaction. A deletion that
///   was interrupted is finished by the same command.
///
/// `LibraryRecovery` finishes what was interrupted, or takes it back, each time the library is
/// opened: files without a fingerprint in their draft are deleted and the draft is dropped; files
/// with one are moved to their place; clips that are not yet listed are listed. It leaves alone what
/// a running process has locked.
package struct Library: Sendable {
    /// The file's name in the home folder.
    package static let fileName = "library.sqlite"

    let database: any DatabaseWriter
    /// The path of the database, for errors.
    let path: String
    /// Whether it can only be read.
    package let isReadOnly: Bool

    /// Opens the library of a home folder, and creates it if it is missing. What a killed process
    /// has left half done is finished or taken back.
    ///
    /// - Throws: `EightCutError` when it cannot be opened or is of a later version, or
    ///   `CancellationError`.
    package static func open(_ home: EightCutHome = .current) async throws -> Library {
        let library = try await LibraryFile(home).open()
        try await LibraryRecovery(library).run()
        return library
    }

    /// Opens the library of a home folder.
    ///
    /// - Returns: nil if there is none.
    package static func openExisting(_ home: EightCutHome = .current) async throws -> Library? {
        guard try LibraryFile(home).exists else { return nil }
        return try await open(home)
    }

    /// Opens the library of a home folder to read it: also one that cannot be written, because its
    /// disk or its folder is read-only.
    ///
    /// - Returns: nil if there is none.
    package static func openForReading(_ home: EightCutHome = .current) async throws -> Library? {
        let file = LibraryFile(home)
        guard try file.exists else { return nil }
        return file.isWritable ? try await open(home) : try file.openReadOnly()
    }

    /// A library in memory, for tests.
    package static func inMemory() throws -> Library {
        try Library(DatabaseQueue(configuration: LibraryFile.configuration), path: ":memory:")
    }

    package init(_ database: any DatabaseWriter, path: String, isReadOnly: Bool = false) throws {
        self.database = database
        self.path = path
        self.isReadOnly = isReadOnly
        let migrator = LibrarySchema.migrator
        let (isLater, isReady) = try database.read { database in
            try LibrarySchema.check(database, path: path)
            return (
                try migrator.hasBeenSuperseded(database),
                try migrator.hasCompletedMigrations(database)
            )
        }
        guard !isLater else {
            throw EightCutError(
                .outputUnusable,
                "cannot open the library",
                on: path,
                because: "a later version of 8cut has changed it",
                remedy: "Install that version, or set EIGHTCUT_HOME to another folder."
            )
        }
        guard !isReady else { return }
        guard !isReadOnly else {
            throw EightCutError(
                .outputUnusable,
                "cannot open the library",
                on: path,
                because: "it is of an earlier version, and cannot be written to upgrade it",
                remedy: "Copy it to a folder that you may write to, and set EIGHTCUT_HOME to that."
            )
        }
        try migrator.migrate(database)
        try database.read { try LibrarySchema.check($0, path: path) }
    }

    /// Reads in one transaction.
    func read<Result: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Result
    ) async throws -> Result {
        try await withLibraryErrors { try await database.read(body) }
    }

    /// Writes in one transaction.
    func write<Result: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Result
    ) async throws -> Result {
        try await withLibraryErrors { try await database.write(body) }
    }

    private func withLibraryErrors<Result: Sendable>(
        _ body: () async throws -> Result
    ) async throws -> Result {
        do {
            return try await body()
        } catch let error as DatabaseError {
            throw libraryError(error, path)
        } catch let error as DamagedRecord {
            throw error.error("cannot use clip \(error.clip.map { "\($0)" } ?? "")")
        } catch let error as RowDecodingError {
            throw libraryIsDamaged("\(error)", path)
        }
    }

}

func libraryError(_ error: DatabaseError, _ path: String) -> EightCutError {
    let why = error.message ?? "\(error)"
    switch error.resultCode {
    case .SQLITE_FULL:
        return EightCutError(
            .inputOutput,
            "cannot write the library",
            on: path,
            because: "the disk is full",
            remedy: "Free some space and run the same command again."
        )
    case .SQLITE_NOTADB, .SQLITE_CORRUPT, .SQLITE_TOOBIG:
        return libraryIsDamaged(why, path)
    case .SQLITE_BUSY, .SQLITE_LOCKED:
        return EightCutError(
            .outputBusy,
            "cannot use the library",
            on: path,
            because: "another program has locked it",
            remedy: "Wait for that program to end."
        )
    case .SQLITE_READONLY, .SQLITE_CANTOPEN, .SQLITE_PERM:
        return EightCutError(
            .outputUnusable,
            "cannot write the library",
            on: path,
            because: why,
            remedy: "Set EIGHTCUT_HOME to a folder that you may write to."
        )
    default:
        return EightCutError(.inputOutput, "cannot use the library", on: path, because: why)
    }
}

func libraryIsDamaged(_ why: String, _ path: String) -> EightCutError {
    EightCutError(
        .outputUnusable,
        "cannot read the library",
        on: path,
        because: "it is damaged (\(visible(why)))",
        remedy: "Move the file away; dataset.json in each folder still lists the clips."
    )
}
