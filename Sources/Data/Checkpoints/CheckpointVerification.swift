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
        if let packaged = installed.packaged { return try run(packaged) }
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
                if let blob = blob(of: path) { wrong.append(blob) }
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

    /// A checkpoint of a Python package.
    private func run(_ packaged: PackagedCheckpoint) throws -> (files: Int, bytes: Int) {
        guard packaged.state != .missing else { throw notThere() }
        let files = try packaged.problems()
        let problems = files.compactMap { file in file.problem.map { "\(file.name) \($0)" } }
        guard problems.isEmpty else {
            throw EightCutError(
                .downloadDamaged,
                "the checkpoint is damaged",
                on: installed.checkpoint.name,
                because: problems.joined(separator: ", "),
                remedy: "Run: 8cut models download \(installed.checkpoint.name)"
            )
        }
        try ByteProgress(total: packaged.bytes, reporter: reporter).finishFile(packaged.bytes)
        return (files.count, packaged.bytes)
    }

    /// What should be there.
    private func expected() throws -> (commit: String, files: [HubFile]) {
        if let expected = installed.expected { return expected }
        throw notThere()
    }

    private func notThere() -> EightCutError {
        EightCutError(
            .inputMissing,
            "cannot verify",
            on: installed.checkpoint.name,
            because: "it is not downloaded",
            remedy: "Run: 8cut models download \(installed.checkpoint.name)"
        )
    }

    /// The file that has the content of a file of the snapshot; nil when there is none.
    private func blob(of path: FilePath) -> FilePath? {
        guard let name = path.lastComponent,
            let folder = try? OpenFolder.ifPresent(path.removingLastComponent())
        else { return nil }
        let blob = SnapshotLink.hash(name, in: folder).map { installed.cache.blob($0) } ?? path
        return RepositoryCache.size(of: blob) == nil ? nil : blob
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
            let descriptor = try FileDescriptor.open(path, .readOnly, options: .nonBlocking)
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
