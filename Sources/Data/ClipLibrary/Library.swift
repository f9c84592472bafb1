import Diagnostics
import Files
import GRDB
import Glibc
import SystemPackage

/// The clips that were cut, what they are called, and the masks that were made of them: a SQLite
/// database that several processes may use at once.
package struct Library: Sendable {
    /// The file's name in the home folder.
    package static let fileName = "library.sqlite"

    let database: any DatabaseWriter

    /// Opens the library of a home folder, which is made when it is not there.
    ///
    /// - Throws: `EightCutError` when it cannot be opened or is of a later version, or
    ///   `CancellationError`.
    package static func open(_ home: EightCutHome = .current) async throws -> Library {
        let path = home.path.appending(fileName)
        try Folder.create(home.path)
        // Two processes must not turn an empty file into a database at the same time.
        let lock = try await FolderLock(waitingFor: home.path)
        defer { withExtendedLifetime(lock) {} }
        return try Self.reporting(path.string) {
            let pool = try DatabasePool(path: path.string, configuration: configuration)
            return try Library(pool, path: path.string)
        }
    }

    /// Opens the library of a home folder if there is one.
    ///
    /// - Returns: nil when nothing was ever kept there.
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
        let migrator = LibrarySchema.migrator
        let isLater = try database.read { try migrator.hasBeenSuperseded($0) }
        guard !isLater else {
            throw EightCutError(
                .outputUnusable,
                "cannot open the library",
                on: path,
                because: "a later version of 8cut has changed it",
                remedy: "Install that version, or name another folder by EIGHTCUT_HOME."
            )
        }
        try migrator.migrate(database)
    }

    private static var configuration: Configuration {
        var configuration = Configuration()
        configuration.busyMode = .timeout(60)
        configuration.maximumReaderCount = 2
        configuration.prepareDatabase { database in
            // What was told to the user as done survives a power cut.
            try database.execute(sql: "PRAGMA synchronous = FULL")
        }
        return configuration
    }

    /// Reads in one transaction.
    func read<Result: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Result
    ) async throws -> Result {
        let database = self.database
        return try await Self.reporting { try await database.read(body) }
    }

    /// Writes in one transaction.
    func write<Result: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Result
    ) async throws -> Result {
        let database = self.database
        return try await Self.reporting { try await database.write(body) }
    }

    private static func reporting<Result>(
        _ path: String,
        _ body: () throws -> Result
    ) throws -> Result {
        do { return try body() } catch let error as DatabaseError { throw report(error, path) }
    }

    private static func reporting<Result>(
        _ body: () async throws -> Result
    ) async throws -> Result {
        do { return try await body() } catch let error as DatabaseError {
            throw report(error, EightCutHome.current.path.appending(fileName).string)
        }
    }

    private static func report(_ error: DatabaseError, _ path: String) -> EightCutError {
        let why = error.message ?? "\(error)"
        switch error.resultCode {
        case .SQLITE_FULL:
            return EightCutError(
                .inputOutput,
                "cannot write the library",
                on: path,
                because: "the disk is full",
                remedy: "Make room and run the same command again."
            )
        case .SQLITE_NOTADB, .SQLITE_CORRUPT:
            return EightCutError(
                .outputUnusable,
                "cannot read the library",
                on: path,
                because: "it is damaged (\(why))",
                remedy: "Move the file away; dataset.json in each folder still lists the clips."
            )
        case .SQLITE_BUSY, .SQLITE_LOCKED:
            return EightCutError(
                .outputBusy,
                "cannot use the library",
                on: path,
                because: "another program holds it",
                remedy: "End that program, or wait for it."
            )
        case .SQLITE_READONLY, .SQLITE_CANTOPEN, .SQLITE_PERM:
            return EightCutError(
                .outputUnusable,
                "cannot write the library",
                on: path,
                because: why,
                remedy: "Name a folder that you may write to by EIGHTCUT_HOME."
            )
        default:
            return EightCutError(.inputOutput, "cannot use the library", on: path, because: why)
        }
    }
}
