import Files
import ObjectStore
import SystemPackage
import TestSupport
import Testing

/// `8cut dataset export --to s3://…`, to a store that checks signatures.
@Suite(.enabled(if: StandInStore.isInstalled, "scripts/install-test-tools"))
struct DatasetUploadTests {
    private static let place = "s3://films/sets/ä + b"

    private static func run(
        _ arguments: [String],
        _ server: StandInStore,
        in folder: TemporaryFolder
    ) async throws -> ProgramResult {
        let own = ["EIGHTCUT_HOME": folder["home"].string, "HOME": folder.path.string]
        return try await Program.run8cut(
            arguments,
            environment: server.environment.merging(own) { $1 },
            in: folder.path
        )
    }

    private static func paths(_ store: ObjectStore) async throws -> [String] {
        let address = try StoreAddress(place)
        return try await store.list("films", prefix: address.folderKey)
            .map { String($0.address.key.dropFirst(address.folderKey.count)) }.sorted()
    }

    /// Exports two clips, and lets `body` go on.
    private static func run(
        _ body: @Sendable (TemporaryFolder, StandInStore, ObjectStore) async throws -> Void
    ) async throws {
        let folder = try TemporaryFolder()
        let logs = try TemporaryFolder()
        let video = try await CounterClip.make(
            folder["video.mp4"],
            rate: "25",
            frames: 300,
            seconds: 12
        )
        try await StandInStore.run(in: logs.path) { server in
            for start in ["1", "3"] {
                let result = try await run(
                    [
                        "export", "-i", video.string, "--start", start, "--to", "clips", "--name",
                        "dog", "--label", "dog barking", "--preset", "ultrafast",
                    ],
                    server,
                    in: folder
                )
                try #require(result.status == 0, "\(result.errors)")
            }
            let store = ObjectStore(try StoreSettings { server.environment[$0] }) { _ in }
            try await body(folder, server, store)
        }
    }

    private static let options = ["dataset", "export", "--profile", "hf", "--to"]

    @Test func aDataSetIsUploadedWithItsRecordLastAndOnlyOnce() async throws {
        try await Self.run { folder, server, store in
            let local = try await Self.run(Self.options + ["set"], server, in: folder)
            #expect(local.status == 0, "\(local.errors)")

            let first = try await Self.run(Self.options + [Self.place], server, in: folder)

            #expect(first.status == 0, "\(first.errors)")
            let expected = try MaskSet.content(of: folder["set"])
            #expect(try await Self.paths(store) == expected.keys.sorted())
            for (path, bytes) in expected where path != ".8cut/export.json" {
                let address = try StoreAddress(Self.place).appending(path)
                #expect(try await store.content(of: address, limit: 1 << 24) == bytes, "\(path)")
            }
            let writes = try server.requests.filter { $0.method == "PUT" }
            #expect(writes.last?.target.hasSuffix("/.8cut/export.json") == true)

            let again = try await Self.run(Self.options + [Self.place], server, in: folder)
            #expect(again.status == 0 && again.output.contains("nothing has changed"))
            #expect(try server.requests.filter { $0.method == "PUT" }.count == writes.count)
        }
    }

    @Test func whatIsNoLongerPartOfItIsDeletedAndWhatOthersAddedStays() async throws {
        try await Self.run { folder, server, store in
            let first = try await Self.run(Self.options + [Self.place], server, in: folder)
            #expect(first.status == 0, "\(first.errors)")
            let before = try await Self.paths(store)
            let features = try StoreAddress(Self.place).appending("train/dog_001.npy")
            try await store.put(StoreUpload(path: folder["video.mp4"], address: features))

            let fewer = try await Self.run(
                Self.options + [Self.place, "--limit", "1"],
                server,
                in: folder
            )

            #expect(fewer.status == 0, "\(fewer.errors)")
            let after = try await Self.paths(store)
            #expect(after.contains("train/dog_001.npy"))
            #expect(after.count { $0.hasSuffix(".mp4") } == 1)
            #expect(before.count { $0.hasSuffix(".mp4") } == 2)
        }
    }

    @Test func aPrefixThatHoldsSomethingElseIsRefused() async throws {
        try await Self.run { folder, server, store in
            let other = try StoreAddress(Self.place).appending("notes.txt")
            try await store.put(StoreUpload(path: folder["video.mp4"], address: other))

            let result = try await Self.run(Self.options + [Self.place], server, in: folder)

            #expect(result.status == 73, "\(result.errors)")
            #expect(result.errors.contains("notes.txt"))
            #expect(try await Self.paths(store) == ["notes.txt"])
        }
    }

    @Test func tablesWithAbsolutePathsAreForFolders() async throws {
        let result = try await Program.run8cut([
            "dataset", "export", "--profile", "hunyuan-foley", "--to", Self.place,
        ])
        #expect(result.status == 64)
        #expect(result.errors.contains("absolute paths"))
    }
}
