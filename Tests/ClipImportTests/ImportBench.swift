import ClipImport
import ClipLibrary
import Files
import GRDB
import Progress
import SystemPackage
import TestSupport

/// A folder with clips of another program, and a library.
struct ImportBench {
    let folder: TemporaryFolder
    let library: Library
    private let clip: FilePath

    init() async throws {
        folder = try TemporaryFolder()
        library = try Library.inMemory()
        clip = try await CounterClip.make(folder["clip.mp4"], frames: 5, seconds: 0.2)
    }

    /// The place of a clip or a video, by a relative path.
    func path(_ name: String) -> FilePath { folder.path.pushing(FilePath(name)) }

    /// Copies the clip of five frames.
    func add(_ names: String...) throws {
        let bytes = try MaskSet.bytes(of: clip)
        for name in names {
            try Folder.create(path(name).removingLastComponent())
            try bytes.withUnsafeBytes { try AtomicFile.write($0, to: path(name)) }
        }
    }

    /// A row of the table of the Python 8-cut.
    struct Row {
        var file = "video.mp4"
        var start = 1.5
        var path: String
        var label = "dog"
        var category = "Animal"
        var count = 1
        var spread = 3.0
        var ratio = ""
        var source = ""
    }

    /// Makes a database with the columns of the Python 8-cut.
    func database(_ rows: [Row]) throws -> FilePath {
        let path = folder["8cut.db"]
        try DatabaseQueue(path: path.string).write { database in
            try database.execute(
                sql: """
                    CREATE TABLE processed (id INTEGER PRIMARY KEY AUTOINCREMENT,
                    filename TEXT NOT NULL, start_time REAL NOT NULL, output_path TEXT NOT NULL,
                    label TEXT NOT NULL DEFAULT '', category TEXT NOT NULL DEFAULT '',
                    short_side INTEGER DEFAULT 512, portrait_ratio TEXT NOT NULL DEFAULT '',
                    crop_center REAL NOT NULL DEFAULT 0.5, format TEXT NOT NULL DEFAULT 'MP4',
                    clip_count INTEGER NOT NULL DEFAULT 3, clip_duration REAL NOT NULL DEFAULT 8.0,
                    spread REAL NOT NULL DEFAULT 3.0, profile TEXT NOT NULL DEFAULT 'default',
                    source_path TEXT NOT NULL DEFAULT '', scan_export INTEGER NOT NULL DEFAULT 0,
                    processed_at TEXT NOT NULL);
                    CREATE TABLE hidden_files (filename TEXT NOT NULL, profile TEXT NOT NULL);
                    """
            )
            for row in rows {
                try database.execute(
                    sql: """
                        INSERT INTO processed (filename, start_time, output_path, label, category,
                        clip_count, spread, portrait_ratio, source_path, processed_at)
                        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, '')
                        """,
                    arguments: [
                        row.file, row.start, row.path, row.label, row.category, row.count,
                        row.spread, row.ratio, row.source,
                    ]
                )
            }
        }
        return path
    }

    /// Imports clips.
    ///
    /// - Returns: what became of each: "import", "known", or why not; and notes after a colon.
    func run(
        _ clips: [ForeignClip],
        from place: FilePath? = nil,
        isDry: Bool = false
    ) async throws -> [String] {
        let run = LibraryImport(
            into: library,
            from: place,
            width: 2,
            reporter: SilentReporter()
        )
        return try await run.run(clips, isDry: isDry).map { row in
            switch row.outcome {
            case .accepted(_, let note): "import" + (note.map { ": " + $0 } ?? "")
            case .known: "known"
            case .rejected(let why): why
            }
        }
    }
}

/// Reports nothing.
private struct SilentReporter: ProgressReporter {
    func report(_ event: ProgressEvent) {}
}
