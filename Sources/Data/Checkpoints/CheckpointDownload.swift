import Diagnostics
import Files
import Progress
import SystemPackage
import Weights

/// Downloads a checkpoint into the cache that every program shares.
package struct CheckpointDownload: Sendable {
    private let installed: InstalledCheckpoint
    private let settings: HubSettings
    private let reporter: any ProgressReporter
    private let client: HubClient

    /// - Parameters:
    ///   - installed: the checkpoint and where it belongs.
    ///   - settings: which hub is asked.
    ///   - reporter: gets the number of bytes of all files together.
    ///   - note: called with what is worth a line for people.
    package init(
        _ installed: InstalledCheckpoint,
        settings: HubSettings,
        reporter: any ProgressReporter,
        note: @escaping @Sendable (String) -> Void
    ) {
        self.installed = installed
        self.settings = settings
        self.reporter = reporter
        client = HubClient(settings: settings, note: note)
    }

    /// Downloads what is missing. A complete checkpoint is used without any network access, and an
    /// incomplete download is resumed.
    ///
    /// - Returns: the folder, and whether all was there before.
    /// - Throws: `EightCutError`; what was downloaded is then kept.
    package func run() async throws -> (folder: FilePath, wasThere: Bool) {
        if let folder = try whatIsThere() { return (folder, true) }
        let checkpoint = installed.checkpoint
        guard !settings.isOffline else {
            throw EightCutError(
                .networkFailed,
                "cannot download",
                on: checkpoint.name,
                because: installed.packaged == nil
                    ? "HF_HUB_OFFLINE is set, and the cache does not hold all of it"
                    : "HF_HUB_OFFLINE is set, and not all of it is there",
                remedy: "Unset HF_HUB_OFFLINE."
            )
        }
        guard AcceptedLicences(installed.home).allow(checkpoint) else {
            throw EightCutError(
                .notPermitted,
                "cannot download",
                on: checkpoint.name,
                because: "its licence, \(checkpoint.licence.rawValue), forbids commercial use "
                    + "and has not been accepted",
                remedy: "Read \(settings.page(of: checkpoint.repository)), and if you agree, run: "
                    + "8cut models download \(checkpoint.name) --accept-license"
            )
        }
        if installed.packaged == nil { try settings.checkToken() }
        if installed.packaged == nil, settings.withholdsToken {
            client.note(
                "the token is not sent: \(settings.endpoint) is not encrypted, and anybody on the "
                    + "way could read it"
            )
        }
        let records = try CheckpointRecord.creatingFolder(in: installed.home)
        let name = CheckpointRecord.lockName(of: checkpoint)
        let lock = try await CacheLock.take(name, in: records) {
            client.note("waiting for another run that downloads \(checkpoint.name)")
        }
        defer { withExtendedLifetime(lock) {} }
        if let folder = try whatIsThere() { return (folder, true) }
        try records.removeStaleTemporaries()
        if let packaged = installed.packaged {
            return (try await packaged.download(reporter), false)
        }
        return (try await fetch(), false)
    }

    /// The folder of a checkpoint that is complete, and has been compared with the hub's hashes by
    /// this run or an earlier one.
    private func whatIsThere() throws -> FilePath? {
        guard case .complete(let folder) = installed.state, try installed.isVerified() else {
            return nil
        }
        return folder
    }

    /// Bytes that are left free for everybody else.
    private static let margin = 1 << 20

    private func fetch() async throws -> FilePath {
        let folders = try RepositoryFolders.creating(installed.cache)
        let refs = try folders.creating("refs")
        // What is in the way is noticed before hours of downloading.
        try cacheErrors {
            try refs.status(of: "main")?.requirePlainFile(refs.path.appending("main"))
            try refs.removeStaleTemporaries()
        }
        var verified = VerifiedBlobs(installed.checkpoint, in: installed.home)
        defer { verified.save() }
        let planner = DownloadPlanner(installed: installed, folders: folders, client: client)
        var record = try await planner.plan(&verified)
        try record.write(installed.checkpoint, in: installed.home)

        let present = try presentBytes(of: record, in: folders.creating("blobs"), &verified)
        if record.bytes > present {
            try DiskSpace.require(
                record.bytes - present + Self.margin,
                at: settings.cache,
                to: "cannot download to",
                remedy: "Free some disk space, or choose another place for the cache with HF_HOME."
            )
        }
        let progress = ByteProgress(total: record.bytes, present: present, reporter: reporter)
        for file in record.files.map(\.hubFile) {
            try await planner.download(file, of: record.commit, progress, &verified)
        }
        try link(&record, in: folders, &verified)
        try cacheErrors { try refs.write(record.commit, to: "main") }
        return installed.cache.snapshot(record.commit)
    }

    /// The bytes that need not be fetched any more.
    private func presentBytes(
        of record: CheckpointRecord,
        in blobs: OpenFolder,
        _ verified: inout VerifiedBlobs
    ) throws -> Int {
        var bytes = 0
        for file in record.files {
            let finding = try verified.check(file.hubFile, named: file.etag, in: blobs)
            bytes += finding == .good ? file.bytes : installed.partialBytes(of: file)
        }
        return bytes
    }

    /// Makes the files appear in the snapshot.
    private func link(
        _ record: inout CheckpointRecord,
        in folders: RepositoryFolders,
        _ verified: inout VerifiedBlobs
    ) throws {
        let snapshot = try folders.creatingSnapshot(record.commit)
        let blobs = try folders.creating("blobs")
        for index in record.files.indices {
            let file = record.files[index].hubFile
            if try SnapshotLink.isThere(file, in: snapshot, blobs, &verified) { continue }
            // First the record, then the link: after a kill between them nothing of ours is
            // forgotten.
            record.files[index].isOurs = true
            try record.write(installed.checkpoint, in: installed.home)
            try SnapshotLink.make(file, in: snapshot)
        }
    }
}

/// Finds out which files a checkpoint has on the hub, all of them at one commit.
struct DownloadPlanner {
    let installed: InstalledCheckpoint
    let folders: RepositoryFolders
    let client: HubClient

    private var repository: String { installed.checkpoint.repository }

    /// Asks the hub.
    ///
    /// - Parameter verified: what is known of the contents that are there.
    /// - Returns: what is to be downloaded. Files that this program has put there before, at the
    ///   same commit, are ours as before.
    /// - Throws: `EightCutError`.
    func plan(_ verified: inout VerifiedBlobs) async throws -> CheckpointRecord {
        guard let config = try await client.head(repository, "main", CheckpointFiles.config) else {
            throw missing(CheckpointFiles.config)
        }
        let commit = config.commit
        var files = [config.file]
        let kind = installed.checkpoint.kind
        for name in kind.requiredFiles {
            guard let found = try await client.head(repository, commit, name) else {
                throw missing(name)
            }
            files.append(found.file)
        }
        for name in kind.optionalFiles {
            if let found = try await client.head(repository, commit, name) {
                files.append(found.file)
            }
        }
        files += try await weights(commit, &verified)
        let before = installed.record.flatMap { $0.commit == commit ? $0 : nil }
        return CheckpointRecord(
            repository: repository,
            commit: commit,
            files: files.map { file in
                CheckpointRecord.File(
                    name: file.name,
                    etag: file.etag,
                    bytes: file.bytes,
                    isOurs: before?.files.contains { $0.name == file.name && $0.isOurs } == true
                )
            }
        )
    }

    private func weights(
        _ commit: String,
        _ verified: inout VerifiedBlobs
    ) async throws -> [HubFile] {
        if let single = try await client.head(repository, commit, CheckpointWeights.fileName) {
            return [single.file]
        }
        guard let head = try await client.head(repository, commit, WeightIndex.fileName),
            head.file.bytes <= WeightIndex.limit
        else { throw missing(CheckpointWeights.fileName) }
        // This file lists the others.
        let progress = ByteProgress(total: head.file.bytes, reporter: SilentReporter())
        try await download(head.file, of: commit, progress, &verified)
        let blobs = try folders.creating("blobs")
        let name = try component(head.file.etag)
        guard let bytes = try? blobs.read(name, limit: WeightIndex.limit),
            let index = WeightIndex(bytes)
        else {
            throw EightCutError(
                .downloadDamaged,
                "cannot download",
                on: repository,
                because: "\(WeightIndex.fileName) is invalid"
            )
        }
        var files = [head.file]
        for name in index.files {
            guard let shard = try await client.head(repository, commit, name) else {
                throw missing(name)
            }
            files.append(shard.file)
        }
        return files
    }

    /// Downloads the content of one file into the cache.
    func download(
        _ file: HubFile,
        of commit: String,
        _ progress: ByteProgress,
        _ verified: inout VerifiedBlobs
    ) async throws {
        try await BlobDownload(
            repository: repository,
            commit: commit,
            file: file,
            folders: folders,
            client: client,
            progress: progress
        ).run(&verified)
    }

    private func missing(_ name: String) -> EightCutError {
        EightCutError(
            .networkFailed,
            "cannot download",
            on: repository,
            because: "the server has no \(name) there (status 404)",
            remedy: "Look at \(client.settings.page(of: repository)), and check HF_ENDPOINT."
        )
    }
}

/// Counts the bytes of several files together.
final class ByteProgress {
    private let total: Int
    private let reporter: any ProgressReporter
    private let meter: ProgressMeter
    private var finished = 0
    private var last: ContinuousClock.Instant?

    /// Starts the clock.
    ///
    /// - Parameters:
    ///   - total: bytes of all files.
    ///   - present: how many of them were there before.
    ///   - reporter: gets the sum, at most ten times a second.
    init(total: Int, present: Int = 0, reporter: any ProgressReporter) {
        self.total = total
        self.reporter = reporter
        meter = ProgressMeter(doneAtStart: present)
    }

    /// Reports how many bytes of the current file are done.
    func report(_ count: Int) throws {
        let now = ContinuousClock.now
        if let last, last.duration(to: now) < .milliseconds(100) { return }
        last = now
        try send(finished + count)
    }

    /// Reports that a file is done.
    func finishFile(_ bytes: Int) throws {
        finished += bytes
        if finished == total { try send(total) }
    }

    private func send(_ done: Int) throws {
        try reporter.report(
            .progress(
                meter.progress(done: done, total: total, totalIsEstimate: false, unit: "byte")
            )
        )
    }
}
