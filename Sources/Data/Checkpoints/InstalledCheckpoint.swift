import Files
import SystemPackage

/// What is there of a checkpoint. Looks at files only, never at the network.
package struct InstalledCheckpoint: Sendable {
    /// How much is there.
    package enum State: Sendable, Equatable {
        /// Nothing.
        case missing
        /// So many bytes of all.
        case incomplete(done: Int, total: Int)
        /// All of it, in this folder.
        case complete(FilePath)
    }

    /// Which one.
    package let checkpoint: Checkpoint
    let cache: RepositoryCache
    /// Where the records and settings are.
    package let home: EightCutHome

    /// Looks for a checkpoint.
    ///
    /// - Parameters:
    ///   - checkpoint: which one.
    ///   - settings: where the cache is.
    ///   - home: where the records are.
    package init(_ checkpoint: Checkpoint, settings: HubSettings, home: EightCutHome) {
        self.checkpoint = checkpoint
        cache = RepositoryCache(cache: settings.cache, repository: checkpoint.repository)
        self.home = home
    }

    /// What was recorded about its download; nil when it was not this program that did it.
    package var record: CheckpointRecord? { CheckpointRecord.read(checkpoint, in: home) }

    /// How much is there: by the record, or else as far as the files themselves tell.
    package var state: State {
        let record = self.record
        if let record {
            let folder = cache.snapshot(record.commit)
            let isThere = record.files.allSatisfy {
                RepositoryCache.size(of: folder.appending($0.name)) == $0.bytes
            }
            if isThere { return .complete(folder) }
        }
        if let commit = cache.mainCommit {
            let folder = cache.snapshot(commit)
            if CheckpointFiles.problem(in: folder) == nil { return .complete(folder) }
        }
        guard let record else { return .missing }
        let done = record.files.reduce(0) { $0 + presentBytes(of: $1) }
        return done > 0 ? .incomplete(done: done, total: record.bytes) : .missing
    }

    /// The bytes of a file that need not be fetched any more.
    func presentBytes(of file: CheckpointRecord.File) -> Int {
        let sizes = [cache.blob(file.etag), cache.partial(file.etag)].map {
            RepositoryCache.size(of: $0) ?? 0
        }
        if sizes[0] == file.bytes { return file.bytes }
        return sizes[1] <= file.bytes ? sizes[1] : 0
    }
}
