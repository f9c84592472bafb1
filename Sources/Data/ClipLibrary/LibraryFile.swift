import CSQLite
import Diagnostics
import Files
import GRDB
import Glibc
import SystemPackage

/// The file of the library, opened as data that others may have made.
struct LibraryFile {
    private let home: EightCutHome
    private var path: FilePath { home.path.appending(Library.fileName) }

    /// The files that SQLite keeps beside the database.
    private static let companions: [FilePath.Component] = [
        "library.sqlite-wal", "library.sqlite-shm", "library.sqlite-journal",
    ]
    private static let name: FilePath.Component = "library.sqlite"

    init(_ home: EightCutHome) {
        self.home = home
    }

    /// - Throws: `EightCutError` when something else has the place of the file.
    var exists: Bool {
        get throws {
            guard try Folder.kind(of: home.path) == .folder else { return false }
            return try OpenFolder(home.path).status(of: Self.name) != nil
        }
    }

    /// Whether this user may write the file and its folder, and their disk lets them.
    var isWritable: Bool {
        access(path.string, W_OK) == 0 && access(home.path.string, W_OK) == 0
    }

    /// Opens the library; creates it when it is missing.
    ///
    /// - Throws: `EightCutError`, or `CancellationError`.
    func open() async throws -> Library {
        let folder = try home.open()
        try check(folder)
        // Two processes must not turn an empty file into a database at the same time, nor migrate
        // it. The folder's own lock belongs to the installation of the ML tools.
        let lock = try await LibraryLock(in: folder)
        defer { withExtendedLifetime(lock) {} }
        try create(folder)
        do {
            let pool = try DatabasePool(path: path.string, configuration: Self.configuration)
            return try Library(pool, path: path.string)
        } catch let error as DatabaseError {
            throw libraryError(error, path.string)
        } catch let error as RowDecodingError {
            throw libraryIsDamaged("\(error)", path.string)
        }
    }

    /// Opens a library that cannot be written.
    func openReadOnly() throws -> Library {
        let folder = try OpenFolder(home.path)
        try check(folder)
        var configuration = Self.configuration
        configuration.readonly = true
        do {
            do {
                return try Library(
                    DatabaseQueue(path: path.string, configuration: configuration),
                    path: path.string,
                    isReadOnly: true
                )
            } catch let error as DatabaseError
                where [.SQLITE_CANTOPEN, .SQLITE_READONLY].contains(error.resultCode)
            {
                // Reading a write-ahead log needs a file beside it. Where there is no log, nobody
                // who cannot write either can change the file meanwhile.
                guard try folder.status(of: Self.companions[0])?.bytes ?? 0 == 0 else {
                    throw error
                }
                return try Library(
                    DatabaseQueue(path: uri, configuration: configuration),
                    path: path.string,
                    isReadOnly: true
                )
            }
        } catch let error as DatabaseError {
            throw libraryError(error, path.string)
        } catch let error as RowDecodingError {
            throw libraryIsDamaged("\(error)", path.string)
        }
    }

    /// Opens a library without making any of the files that SQLite keeps beside it.
    func openUntouched() throws -> Untouched {
        let folder = try OpenFolder(home.path)
        try check(folder)
        let hasLog = try folder.status(of: Self.companions[0])?.bytes ?? 0 > 0
        let hasIndex = try folder.status(of: Self.companions[1]) != nil
        guard !hasLog || hasIndex else { return .inUse }
        var configuration = Self.configuration
        configuration.readonly = true
        configuration.busyMode = .immediateError
        do {
            // Where there is no log, the file may be taken as it is.
            let queue = try DatabaseQueue(
                path: hasLog ? path.string : uri,
                configuration: configuration
            )
            let isReady = try queue.read { database in
                try LibrarySchema.check(database, path: path.string)
                let migrator = LibrarySchema.migrator
                return try migrator.hasCompletedMigrations(database)
                    || migrator.hasBeenSuperseded(database)
            }
            guard isReady else { return .older }
            return .open(try Library(queue, path: path.string, isReadOnly: true))
        } catch let error as DatabaseError {
            throw libraryError(error, path.string)
        } catch let error as RowDecodingError {
            throw libraryIsDamaged("\(error)", path.string)
        }
    }

    /// What comes of opening a library without writing anything.
    enum Untouched {
        case open(Library)
        /// It has to be upgraded.
        case older
        /// Its log has changes that are not in it, and cannot be read without a new file beside it.
        case inUse
    }

    /// The file as a URI that has SQLite take it as it is.
    private var uri: String { Self.uri(path) }

    private static func uri(_ path: FilePath) -> String {
        "file://" + path.percentEncoded + "?immutable=1"
    }

    /// A database of another program, to be read only; also where nothing can be written beside it.
    ///
    /// - Throws: `DatabaseError`.
    static func readOnly(_ path: FilePath) throws -> DatabaseQueue {
        var configuration = Self.configuration
        configuration.readonly = true
        do {
            return try DatabaseQueue(path: path.string, configuration: configuration)
        } catch let error as DatabaseError
            where [.SQLITE_CANTOPEN, .SQLITE_READONLY].contains(error.resultCode)
        {
            return try DatabaseQueue(path: uri(path), configuration: configuration)
        }
    }

    /// Makes sure that the files are plain ones: SQLite would follow links.
    private func check(_ folder: OpenFolder) throws {
        for name in [Self.name] + Self.companions {
            try folder.status(of: name)?
                .requirePlainFile(folder.path.appending(name), isWritten: true)
        }
    }

    /// Creates the file for its owner alone; the files beside it get the same permissions.
    private func create(_ folder: OpenFolder) throws {
        guard try folder.status(of: Self.name) == nil else { return }
        do {
            try folder.newFile(for: Self.name, permissions: .privateFile).publish(replaces: false)
        } catch let error as EightCutError {
            guard try folder.status(of: Self.name) == nil else { return }
            throw error
        }
    }

    /// How every connection is made.
    static var configuration: Configuration {
        _ = uris
        var configuration = Configuration()
        configuration.busyMode = .callback(waiting)
        configuration.maximumReaderCount = 2
        configuration.prepareDatabase { database in
            try harden(database)
            database.add(function: ClipText.function)
            // What was reported as done survives a power cut.
            try database.execute(sql: "PRAGMA synchronous = FULL")
        }
        return configuration
    }

    /// Has an effect before the first connection only. Distributions switch it on anyway.
    private static let uris = eightcut_sqlite_allow_uris()

    /// Nothing in the file can run anything, or change how the file is read.
    private static func harden(_ database: Database) throws {
        let connection = database.sqliteConnection
        for (option, value) in [
            (SQLITE_DBCONFIG_DEFENSIVE, 1), (SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0),
            (SQLITE_DBCONFIG_ENABLE_TRIGGER, 0), (SQLITE_DBCONFIG_ENABLE_VIEW, 0),
            (SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0),
        ] { _ = eightcut_sqlite_set(connection, option, Int32(value)) }
        // No value of ours comes near to that.
        sqlite3_limit(connection, SQLITE_LIMIT_LENGTH, 16 << 20)
        sqlite3_limit(connection, SQLITE_LIMIT_ATTACHED, 0)
        try database.execute(sql: "PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON")
    }

    /// Waits for another process that has locked the library: it says so after two seconds, and
    /// gives up after twenty.
    private static let waiting: Database.BusyCallback = { tries in
        if tries == 200 {
            Log(level: .normal).note("waiting for another program that uses the library …")
        }
        usleep(10_000)
        return tries < 2000
    }
}

/// The lock under which the library is created and migrated.
private final class LibraryLock {
    private let descriptor: FileDescriptor

    /// - Throws: `EightCutError` when it is held for twenty seconds, or `CancellationError`.
    init(in folder: OpenFolder) async throws {
        let name: FilePath.Component = "library.lock"
        if try folder.status(of: name) == nil {
            do {
                try folder.newFile(for: name, permissions: .privateFile).publish(replaces: false)
            } catch let error as EightCutError {
                // Unless another program has made it meanwhile.
                guard try folder.status(of: name) != nil else {
                    throw error.advising("Set EIGHTCUT_HOME to a folder that you may write to.")
                }
            }
        }
        guard let descriptor = try folder.open(name) else {
            throw fileError("cannot open", folder.path.appending(name), .noSuchFileOrDirectory)
        }
        self.descriptor = descriptor
        for tries in 0... {
            if flock(descriptor.rawValue, LOCK_EX | LOCK_NB) == 0 { return }
            guard tries < 2000 else { break }
            if tries == 200 {
                Log(level: .normal).note("waiting for another program that opens the library …")
            }
            try await Task.sleep(for: .milliseconds(10))
        }
        throw EightCutError(
            .outputBusy,
            "cannot open the library",
            on: folder.path.string,
            because: "another program is opening it",
            remedy: "Wait for that program to end."
        )
    }

    deinit {
        // Children that are being started have copies of the descriptor.
        flock(descriptor.rawValue, LOCK_UN)
        try? descriptor.close()
    }
}
