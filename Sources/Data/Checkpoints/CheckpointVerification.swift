import Diagnostics
import Files
import Progress
import SystemPackage

/// Reads all of a checkpoint and compares it with the hashes that the hub gave.
package struct CheckpointVerification: Sendable {
    private let installed: InstalledCheckpoint
    private let reporter: any ProgressReporter

    /// - Parameters:
    ///   - installed: the checkpoint and where it is.
    ///   - reporter: gets the number of bytes read.
    package init(_ installed: InstalledCheckpoint, reporter: any ProgressReporter) {
        self.installed = installed
        self.reporter = reporter
    }

    /// - Returns: how many files there are, and their bytes.
    /// - Throws: `EightCutError`: `inputMissing` when nothing is there, `downloadDamaged` with
    ///   the names of the files that are wrong.
    package func run() throws -> (files: Int, bytes: Int) {
        let (commit, files) = try expected()
        let folder = installed.cache.snapshot(commit)
        let bytes = files.reduce(0) { $0 + $1.bytes }
        let progress = ByteProgress(total: bytes, reporter: reporter)
        var problems: [String] = []
        var wrong: [FilePath] = []
        for file in files {
            let path = folder.appending(file.name)
            if let problem = try problem(with: file, at: path, progress) {
                problems.append("\(file.name) \(problem)")
                let blob = RepositoryCache.linkedHash(path).map { installed.cache.blob($0) } ?? path
                if RepositoryCache.size(of: blob) != nil { wrong.append(blob) }
            }
            try progress.finishFile(file.bytes)
        }
        guard problems.isEmpty else {
            let list = wrong.map { quoted($0.string) }.joined(separator: ", ")
            throw EightCutError(
                .downloadDamaged,
                "the checkpoint is damaged",
                on: installed.checkpoint.name,
                because: problems.joined(separator: ", "),
                remedy: (wrong.isEmpty ? "Run: " : "Delete \(list), then run: ")
                    + "8cut models download \(installed.checkpoint.name)"
            )
        }
        return (files.count, bytes)
    }

    /// What should be there: by the record, or else as the links of the snapshot name it.
    private func expected() throws -> (commit: String, files: [HubFile]) {
        if let record = installed.record {
            let files = record.files.map { HubFile(name: $0.name, etag: $0.etag, bytes: $0.bytes) }
            return (record.commit, files)
        }
        if let commit = installed.cache.mainCommit {
            let folder = installed.cache.snapshot(commit)
            let names = (try? Folder.names(in: folder)) ?? []
            let files = names.compactMap { name -> HubFile? in
                let path = folder.appending(name)
                guard PlainName.allows(name), let hash = RepositoryCache.linkedHash(path) else {
                    return nil
                }
                return HubFile(name: name, etag: hash, bytes: RepositoryCache.size(of: path) ?? 0)
            }
            if !files.isEmpty { return (commit, files) }
        }
        throw EightCutError(
            .inputMissing,
            "cannot verify",
            on: installed.checkpoint.name,
            because: "it is not downloaded",
            remedy: "Run: 8cut models download \(installed.checkpoint.name)"
        )
    }

    private func problem(
        with file: HubFile,
        at path: FilePath,
        _ progress: ByteProgress
    ) throws -> String? {
        guard let size = RepositoryCache.size(of: path) else { return "is missing" }
        guard size == file.bytes else { return "has \(size) bytes instead of \(file.bytes)" }
        let digest = file.makeDigest()
        do {
            let descriptor = try FileDescriptor.open(path, .readOnly)
            try descriptor.closeAfter {
                var count = 0
                try digest.update(reading: descriptor) {
                    count += $0
                    try progress.report(count)
                }
            }
        } catch let error as Errno {
            return "cannot be read (\(error))"
        }
        return digest.finish() == file.etag ? nil : "has another hash than on the hub"
    }
}
