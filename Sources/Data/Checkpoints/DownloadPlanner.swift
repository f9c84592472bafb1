import Diagnostics
import Files
import Progress
import SystemPackage
import Weights

/// Finds out which files a checkpoint has on the hub, all of them at one commit.
struct DownloadPlanner {
    let installed: InstalledCheckpoint
    let client: HubClient

    private var repository: String { installed.checkpoint.repository }

    /// Asks the hub.
    ///
    /// - Returns: what is to be downloaded. Files that this program has put there before, at the
    ///   same commit, are ours as before.
    /// - Throws: `EightCutError`.
    func plan() async throws -> CheckpointRecord {
        guard let config = try await client.head(repository, "main", CheckpointFiles.config) else {
            throw missing(CheckpointFiles.config)
        }
        let commit = config.commit
        var files = [config.file]
        for name in CheckpointFiles.optional {
            if let found = try await client.head(repository, commit, name) {
                files.append(found.file)
            }
        }
        files += try await weights(commit)
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

    private func weights(_ commit: String) async throws -> [HubFile] {
        if let single = try await client.head(repository, commit, CheckpointWeights.fileName) {
            return [single.file]
        }
        guard let head = try await client.head(repository, commit, WeightIndex.fileName),
            head.file.bytes <= WeightIndex.limit
        else { throw missing(CheckpointWeights.fileName) }
        // Which files there are stands in this one.
        let progress = ByteProgress(total: head.file.bytes, reporter: SilentReporter())
        try await download(head.file, of: commit, progress)
        let path = installed.cache.blob(head.file.etag)
        guard let bytes = try? SmallFile.read(path, limit: WeightIndex.limit),
            let index = WeightIndex(bytes)
        else {
            throw EightCutError(
                .downloadDamaged,
                "cannot download",
                on: repository,
                because: "\(WeightIndex.fileName) makes no sense"
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

    /// Gets the content of one file into the cache.
    func download(_ file: HubFile, of commit: String, _ progress: ByteProgress) async throws {
        try await BlobDownload(
            repository: repository,
            commit: commit,
            file: file,
            cache: installed.cache,
            client: client,
            progress: progress
        ).run()
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
