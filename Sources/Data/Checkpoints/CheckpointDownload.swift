import Diagnostics
import Files
import Progress
import SystemPackage

/// Downloads a checkpoint into the cache that every program shares.
package struct CheckpointDownload: Sendable {
    private let installed: InstalledCheckpoint
    private let settings: HubSettings
    private let reporter: any ProgressReporter
    private let client: HubClient

    /// Plans the download.
    ///
    /// - Parameters:
    ///   - installed: the checkpoint and where it belongs.
    ///   - settings: which hub is asked.
    ///   - reporter: told the bytes of all files together.
    ///   - note: told what is worth a line for people.
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

    /// Does it. What is there and complete is used without any network call, and what a run
    /// before has begun is gone on with.
    ///
    /// - Returns: the folder, and whether all was there before.
    /// - Throws: `EightCutError`; what has come is then kept.
    package func run() async throws -> (folder: FilePath, wasThere: Bool) {
        if case .complete(let folder) = installed.state { return (folder, true) }
        let checkpoint = installed.checkpoint
        guard !settings.isOffline else {
            throw EightCutError(
                .networkFailed,
                "cannot download",
                on: checkpoint.name,
                because: "HF_HUB_OFFLINE is set, and the cache does not hold all of it",
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
        try settings.checkToken()
        let path = CheckpointRecord.lock(of: checkpoint, in: installed.home)
        let lock = try await CacheLock.take(path) {
            client.note("waiting for another run that downloads \(checkpoint.name)")
        }
        defer { withExtendedLifetime(lock) {} }
        if case .complete(let folder) = installed.state { return (folder, true) }
        return (try await fetch(), false)
    }

    /// Bytes that are left free for everybody else.
    private static let margin = 1 << 20

    private func fetch() async throws -> FilePath {
        let cache = installed.cache
        let planner = DownloadPlanner(installed: installed, client: client)
        var record = try await planner.plan()
        try record.write(installed.checkpoint, in: installed.home)

        let present = record.files.reduce(0) { $0 + installed.presentBytes(of: $1) }
        if record.bytes > present {
            try DiskSpace.require(
                record.bytes - present + Self.margin,
                at: settings.cache,
                to: "cannot download to",
                remedy: "Make room, or choose another place for the cache with HF_HOME."
            )
        }
        let progress = ByteProgress(total: record.bytes, present: present, reporter: reporter)
        let folder = cache.snapshot(record.commit)
        for (index, file) in record.files.enumerated() {
            let hubFile = HubFile(name: file.name, etag: file.etag, bytes: file.bytes)
            try await planner.download(hubFile, of: record.commit, progress)
            let place = folder.appending(file.name)
            if RepositoryCache.size(of: place) == file.bytes,
                RepositoryCache.linkedHash(place) == file.etag
            {
                continue
            }
            // First the record, then the link: after a kill between them nothing of ours is
            // forgotten.
            record.files[index].isOurs = true
            try record.write(installed.checkpoint, in: installed.home)
            try cache.link(hubFile, in: record.commit)
        }
        try cache.setMain(record.commit)
        return folder
    }
}
