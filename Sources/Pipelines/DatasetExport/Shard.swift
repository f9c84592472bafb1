import DatasetProfiles
import Diagnostics
import Files
import Glibc
import Processes
import SystemPackage

/// Archives of clips with what belongs to them, as GNU tar writes and reads them.
enum Shard {
    /// What would make the bytes differ between runs, machines and users is left out.
    private static let format = [
        "--format=pax", "--pax-option=exthdr.name=%d/PaxHeaders/%f,delete=atime,delete=ctime",
        "--mtime=@0", "--owner=0", "--group=0", "--numeric-owner", "--mode=u=rw,go=r",
        "--hard-dereference", "--no-recursion",
    ]

    /// The name of an archive.
    static func name(_ number: Int) -> String {
        let digits = "\(number)"
        return "shard-" + String(repeating: "0", count: max(0, 6 - digits.utf8.count)) + digits
            + ".tar"
    }

    /// Puts files into an archive.
    ///
    /// - Parameters:
    ///   - files: their names in the folder, in the order of the archive.
    ///   - parts: where they are.
    ///   - archive: the file that is written.
    /// - Throws: `EightCutError` when the disk is full, or there is no GNU tar; `CancellationError`.
    static func pack(
        _ files: [String],
        in parts: OpenFolder,
        to archive: NewFile
    ) async throws {
        try await run(
            ["--create", "--file=" + archive.childPath.string] + format + ["--"] + files,
            in: parts.path,
            "cannot write the archive"
        )
    }

    /// Takes all files out of an archive. Nothing is written outside the folder.
    ///
    /// - Throws: `EightCutError` when it is no archive; `CancellationError`.
    static func unpack(_ archive: FilePath, to folder: FilePath) async throws {
        try await run(
            [
                "--extract", "--file=" + archive.absolute.string, "--force-local",
                "--no-same-owner", "--no-same-permissions",
            ],
            in: folder,
            "cannot read the archive",
            archive
        )
    }

    /// The archives of a data set.
    ///
    /// - Throws: `EightCutError` when there is none.
    static func all(in dataset: DatasetFolder) throws -> [String] {
        let folders = try dataset.names().filter(dataset.hasFolder)
        let shards = try ([""] + folders.map { $0 + "/" }).flatMap { prefix in
            try dataset.names(in: prefix).filter { $0.hasSuffix(exactly: ".tar") }
                .map { prefix + $0 }
        }
        guard !shards.isEmpty else {
            throw dataset.unreadable(name(0), "there is no such file")
        }
        return shards
    }

    /// Unpacks an archive of a data set into a folder that is deleted afterwards: in it the files are
    /// below the archive's name.
    ///
    /// - Throws: `EightCutError` when it cannot be unpacked; what `body` throws.
    static func unpacked(
        _ shard: String,
        of dataset: DatasetFolder,
        _ body: (DatasetFolder) async throws -> Void
    ) async throws {
        let scratch = try ScratchFolder()
        defer { withExtendedLifetime(scratch) {} }
        let folder = scratch.path.pushing(FilePath(shard))
        try Folder.create(folder)
        try await unpack(dataset.path(shard), to: folder)
        try await body(try DatasetFolder(scratch.path))
    }

    private static func run(
        _ arguments: [String],
        in folder: FilePath,
        _ what: String,
        _ archive: FilePath? = nil
    ) async throws {
        let end = try await LoggedChild(folder: folder, environment: ["TAR_OPTIONS": nil])
            .run(["tar"] + arguments)
        guard end.status != 0 else { return }
        let isToolFailure = archive == nil || end.status == 127
        throw EightCutError(
            isToolFailure ? .toolFailed : .inputUnusable,
            what,
            on: (archive ?? folder).string,
            because: "\(end.lines.last ?? "tar ended with status \(end.status)")",
            remedy: isToolFailure
                ? "Check that GNU tar works: try tar --version."
                : "Check that the archive was copied completely."
        )
    }
}
