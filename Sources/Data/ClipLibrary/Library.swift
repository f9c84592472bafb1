import Diagnostics
import Files
import GRDB
import Glibc
import SystemPackage

/// The clips with their labels and masks: a SQLite database that several processes may use at once.
package struct Library: Sendable {
    /// The file's name in the home folder.
    package static let fileName = "library.sqlite"

    let database: any DatabaseWriter
    /// The path of the database, for errors.
    private let path: String

    /// Opens the library of a home folder, and creates it if it is missing.
    ///
    /// - Throws: `EightCutError` when it cannot be opened or is of a later version, or
    ///   `CancellationError`.
    package static func open(_ home: EightCutHome = .current) async throws -> Library {
        let path = home.path.appending(fileName)
        try Folder.create(home.path)
        // Two processes must not turn an empty file into a database at the same time.
        let lock = try await FolderLock(waitingFor: home.path)
        defer { withExtendedLifetime(lock) {} }
        return try reportingErrors(on: path.string) {
            let pool = try DatabasePool(path: path.string, configuration: configuration)
            return try Library(pool, path: path.string)
        }
    }

    /// Opens the library of a home folder.
    ///
    /// - Returns: nil if there is none.
    package static func openExisting(_ home: EightCutHome = .current) async throws -> Library? {
        guard access(home.path.appending(fileName).string, F_OK) == 0 else { return nil }
        return try await open(home)
    }

    /// A library in memory, for tests.
    package static func inMemory() throws -> Library {
        try Library(DatabaseQueue(configuration: configuration), path: ":memory:")
    }

    package init(_ database: any DatabaseWriter, path: String) throws {
        self.database = database
        self.path = path
        let migrator = LibrarySchema.migrator
        let isLater = try database.read { try migrator.hasBeenSuperseded($0) }
        guard !isLater else {
            throw EightCutError(
                .outputUnusable,
                "cannot open the library",
                on: path,
                because: "a later version of 8cut has changed it",
                remedy: "Install that version, or set EIGHTCUT_HOME to another folder."
            )
        }
        try migrator.migrate(database)
    }

    private static var configuration: Configuration {
        var configuration = Configuration()
        configuration.busyMode = .timeout(60)
        configuration.maximumReaderCount = 2
        configuration.prepareDatabase { database in
            // What was reported as done survives a power cut.
            try database.execute(sql: "PRAGMA synchronous = FULL")
        }
        return configuration
    }

    /// Reads in one transaction.
    func read<Result: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Result
    ) async throws -> Result {
        do {
            return try await database.read(body)
        } catch {
            throw libraryError(error, path)
        }
    }

    /// Writes in one transaction.
    func write<Result: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Result
    ) async throws -> Result {
        do {
            return try await database.write(body)
        } catch {
            throw libraryError(error, path)
        }
    }
}

private func reportingErrors<Result>(on path: String, _ body: () throws -> Result) throws -> Result
{
    do { return try body() } catch { throw libraryError(error, path) }
}

/// The error of the program for one of the database; any other error as it is.
private func libraryError(_ error: any Error, _ path: String) -> any Error {
    if error is RowDecodingError || error is DecodingError { return damaged("\(error)", path) }
    guard let error = error as? DatabaseError else { return error }
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
    case .SQLITE_NOTADB, .SQLITE_CORRUPT: return damaged(why, path)
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

private func damaged(_ why: String, _ path: String) -> EightCutError {
    EightCutError(
        .outputUnusable,
        "cannot read the library",
        on: path,
        because: "it is damaged (\(visible(why)))",
        remedy: "Move the file away; dataset.json in each folder still lists the clips."
    )
}
