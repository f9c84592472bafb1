import Files
import Glibc
import SystemPackage
import TestSupport
import Testing

/// A cache that another program, or an attacker, has changed.
@Suite struct ModelsHostileCacheTests {
    /// The blob of the weights.
    private func weightsBlob(_ bench: ModelsBench) throws -> FilePath {
        let name = try #require(bench.blobs.first { $0.utf8.count == 64 })
        return bench.cache.appending("blobs").appending(name)
    }

    private func shell(_ script: String, _ arguments: String...) async throws -> ProgramResult {
        let result = try await Program.run("sh", ["-c", script] + arguments)
        #expect(result.status == 0, "\(result.errors)")
        return result
    }

    /// Names, kinds and contents of all that is in a folder.
    private func listing(_ folder: FilePath) async throws -> String {
        try await shell(
            "cd \"$0\" && find . -printf '%p %y %l\\n' | sort && "
                + "find . -type f -exec sha256sum {} + | sort",
            folder.string
        ).output
    }

    // MARK: - Contents

    @Test(arguments: ["zeros", "link", "zeros without a record"])
    func aContentOfTheRightSizeIsComparedWithItsHash(kind: String) async throws {
        let bench = try ModelsBench()
        try await bench.withHub { hub in
            _ = try await bench.download(hub)
            let blob = try weightsBlob(bench)
            let other = bench.folder["other"]
            let size = try bench.weights.count
            _ = try await shell("head -c \(size) /dev/zero > \"$0\"", other.string)
            unlink(blob.string)
            if kind == "link" {
                symlink(other.string, blob.string)
            } else {
                _ = try await shell("cp \"$0\" \"$1\"", other.string, blob.string)
            }
            if kind.hasSuffix("record") {
                _ = try await shell("rm -r \"$0\"", bench.folder["home"].string)
            }

            let again = try await bench.download(hub)

            #expect(again.status == 0, "\(again.errors)")
            #expect(!again.output.contains("was there already"))
            #expect(again.errors.contains("model.safetensors in the cache is not the hub's"))
            #expect(try bench.downloaded == bench.weights)
            #expect(try await bench.models(["verify", ModelsBench.name]).status == 0)
            #expect(try Folder.kind(of: other) == .file)
            var info = stat()
            #expect(lstat(blob.string, &info) == 0 && info.st_mode & S_IFMT == S_IFREG)
        }
    }

    @Test func whatWasComparedOnceIsNotReadAgain() async throws {
        let bench = try ModelsBench()
        try await bench.withHub { _ = try await bench.download($0) }
        let name = try #require(try weightsBlob(bench).lastComponent?.string)
        let records = bench.folder["home"].appending("downloads")
        let record = records.appending("depth-anything-v2-small.verified.json")
        let before = try MaskSet.bytes(of: record)
        #expect(String(decoding: before, as: UTF8.self).contains(name))

        // A content that changes is read again; one that does not is not.
        let again = try await bench.models(["download", ModelsBench.name])
        #expect(again.status == 0 && again.lines.last?.hasSuffix("was there already") == true)
        #expect(try MaskSet.bytes(of: record) == before)
        _ = try await shell("touch \"$0\"", try weightsBlob(bench).string)
        #expect(try await bench.models(["download", ModelsBench.name]).status == 0)
        #expect(try MaskSet.bytes(of: record) != before)
    }

    @Test func recordsAndSettingsAreTheOwnersAlone() async throws {
        let bench = try ModelsBench()
        let name = "depth-anything-v2-base"
        try await bench.withHub(repository: "depth-anything/Depth-Anything-V2-Base-hf") { hub in
            let arguments = ["download", name, "--accept-license"]
            let result = try await bench.models(arguments, hub: hub)
            #expect(result.status == 0, "\(result.errors)")
        }
        let modes = try await shell(
            "find \"$0\" -printf '%m %P\\n' | sort",
            bench.folder["home"].string
        )
        let records = modes.lines.filter { $0.hasSuffix(".json") }
        #expect(!records.isEmpty && records.allSatisfy { $0.hasPrefix("600 ") }, "\(modes.output)")
        #expect(modes.lines.contains("700 downloads"))
        #expect(modes.lines.contains("600 settings.json"))
        #expect(modes.lines.contains("600 downloads/\(name).json"))
    }

    // MARK: - Links

    @Test(arguments: ["", "blobs", "refs", "snapshots", "snapshots/" + ModelsBench.commit])
    func nothingIsWrittenOrDeletedThroughALinkedFolder(name: String) async throws {
        let bench = try ModelsBench()
        try await bench.withHub { hub in
            _ = try await bench.download(hub)
            let folder = name.isEmpty ? bench.cache : bench.cache.appending(name)
            let outside = bench.folder["outside"]
            #expect(rename(folder.string, outside.string) == 0)
            symlink(outside.string, folder.string)
            // Something is missing, and something else is in its place.
            let snapshot = bench.snapshot.appending("config.json")
            if access(bench.snapshot.string, F_OK) == 0 {
                unlink(snapshot.string)
                try AtomicFile.write("mine", to: bench.snapshot.appending("config.json"))
            }
            let before = try await listing(outside)

            let download = try await bench.download(hub)
            #expect(download.status != 0)
            #expect(download.errors.contains("a symbolic link"), "\(download.errors)")
            #expect(download.errors.contains(folder.string))
            #expect(try await listing(outside) == before)
            let remove = try await bench.models(["remove", ModelsBench.name])
            #expect(remove.status != 0)
            #expect(remove.errors.contains("a symbolic link"), "\(remove.errors)")
            #expect(try await listing(outside) == before)
        }
    }

    @Test func aFileOfSomebodyElsesInASnapshotStays() async throws {
        let bench = try ModelsBench()
        try await bench.withHub { hub in
            _ = try await bench.download(hub)
            let config = bench.snapshot.appending("config.json")
            unlink(config.string)
            try AtomicFile.write("mine", to: config)

            let download = try await bench.download(hub)
            #expect(download.status == 73, "\(download.errors)")
            #expect(download.errors.contains("config.json"))
            #expect(try MaskSet.bytes(of: config) == Array("mine".utf8))
            let remove = try await bench.models(["remove", ModelsBench.name])
            #expect(remove.status == 0, "\(remove.errors)")
            #expect(try MaskSet.bytes(of: config) == Array("mine".utf8))
        }
    }

    @Test func aLinkThatLeadsElsewhereIsReplacedAndItsTargetStays() async throws {
        let bench = try ModelsBench()
        try await bench.withHub { hub in
            _ = try await bench.download(hub)
            let other = bench.folder["precious"]
            let size = try bench.weights.count
            _ = try await shell("head -c \(size) /dev/zero > \"$0\"", other.string)
            let link = bench.snapshot.appending("model.safetensors")
            unlink(link.string)
            symlink(other.string, link.string)

            #expect(try await bench.download(hub).status == 0)
            #expect(try bench.downloaded == bench.weights)
            #expect(try MaskSet.bytes(of: other).allSatisfy { $0 == 0 })
        }
    }

    // MARK: - Pipes, devices, folders

    /// Where something else than a plain file may be, below the folder of the test.
    private static let places = [
        "refs/main", "snapshot/config.json", "snapshot/preprocessor_config.json",
        "snapshot/model.safetensors", "blob", "partial", "lock", "record", "verified", "settings",
        "token",
    ]

    private func place(_ name: String, _ bench: ModelsBench) throws -> FilePath {
        let blob = try weightsBlob(bench)
        let hash = try #require(blob.lastComponent?.string)
        let records = bench.folder["home"].appending("downloads")
        switch name {
        case "refs/main": return bench.cache.appending(name)
        case "blob": return blob
        case "partial": return FilePath(blob.string + ".8c07f11e.incomplete")
        case "lock":
            let folder = try #require(bench.cache.lastComponent)
            return bench.folder["hf"].appending("hub").appending(".locks").appending(folder)
                .appending(hash + ".lock")
        case "record": return records.appending(ModelsBench.name + ".json")
        case "verified": return records.appending(ModelsBench.name + ".verified.json")
        case "settings": return bench.folder["home"].appending("settings.json")
        case "token": return bench.folder["hf"].appending("token")
        default: return bench.snapshot.appending(String(name.dropFirst("snapshot/".utf8.count)))
        }
    }

    @Test(arguments: places, ["pipe", "folder", "link"])
    func whatIsNoPlainFileIsNeitherWaitedForNorFollowed(name: String, kind: String) async throws {
        let bench = try ModelsBench(bytes: 3000)
        try await bench.withHub { hub in
            _ = try await bench.download(hub)
            let path = try place(name, bench)
            if name == "partial" { unlink(try weightsBlob(bench).string) }
            let precious = bench.folder["precious"]
            try AtomicFile.write("keep", to: precious)
            unlink(path.string)
            switch kind {
            case "pipe": mkfifo(path.string, 0o644)
            case "folder": mkdir(path.string, 0o755)
            default: symlink(precious.string, path.string)
            }
            for command in ["list", "download", "verify", "path", "download", "remove"] {
                let arguments = [command] + (command == "list" ? [] : [ModelsBench.name])
                let result = try await bench.models(
                    arguments,
                    hub: hub,
                    environment: ["HF_TOKEN": ""],
                    limit: 60
                )
                #expect(result.status < 124, "\(command): \(result.status) \(result.errors)")
                #expect(try MaskSet.bytes(of: precious) == Array("keep".utf8), "\(command)")
            }
        }
    }
}
