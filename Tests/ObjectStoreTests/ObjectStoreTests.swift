import Diagnostics
import Files
import Glibc
import ObjectStore
import Synchronization
import SystemPackage
import TestSupport
import Testing

/// The store against a server that checks signatures and policies.
@Suite(.enabled(if: StandInStore.isInstalled, "scripts/install-test-tools"))
struct ObjectStoreTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private static func store(
        _ server: StandInStore,
        _ changes: [String: String] = [:],
        note: @escaping @Sendable (String) -> Void = { _ in }
    ) throws -> ObjectStore {
        let variables = server.environment.merging(changes) { $1 }
        return ObjectStore(try StoreSettings { variables[$0] }, note: note)
    }

    private func write(_ text: String, _ name: String) throws -> FilePath {
        let path = folder[name]
        try AtomicFile.write(text, to: path)
        return path
    }

    private static func content(of path: FilePath) throws -> String {
        String(decoding: try SmallFile.read(path, limit: 1 << 30), as: UTF8.self)
    }

    private static let keys = [
        "plain.mp4", "with space.mp4", "a+b.mp4", "ä/ö ü.mp4", "e\u{301}.mp4", "100 %41%.mp4",
        "a=b&c=d?e#f;g:h@i,j$k!l*m'n(o)p[q]r{s}t\"u\\v<w>x|y^z`~.mp4", "a/../b/./c//d", "映画.mp4",
        "tab\tand\u{7f}control\u{1}",
    ]

    @Test(arguments: ["{}", #"{"session": true}"#])
    func anyKeyIsWrittenFoundReadAndDeleted(behaviour: String) async throws {
        let path = try write("0123456789", "body")
        let target = folder["back"]
        try await StandInStore.run(behaviour, in: folder.path) { server in
            let store = try Self.store(server)
            for key in Self.keys {
                let address = StoreAddress(bucket: "films", key: key)
                #expect(try await store.find(address) == nil)
                try await store.put(
                    StoreUpload(path: path, address: address, metadata: ["row": "r-1"])
                )
                let object = try await store.object(address)
                #expect(object.bytes == 10 && object.metadata["row"] == "r-1")
                #expect(try await store.read(3..<5, of: object) == Array("34".utf8))
                try await store.download(object, to: target)
                #expect(try Self.content(of: target) == "0123456789")
                try await store.remove(address)
                #expect(try await store.find(address) == nil)
            }
        }
    }

    @Test func listsArePaged() async throws {
        let path = try write("x", "body")
        try await StandInStore.run(in: folder.path) { server in
            let store = try Self.store(server)
            // Lists of stores cannot name control characters.
            let keys =
                Self.keys.dropLast().map { "p q&+ü/" + $0 } + (0..<1100).map { "p q&+ü/n\($0)" }
            let uploads = keys.map {
                StoreUpload(path: path, address: StoreAddress(bucket: "films", key: $0))
            }
            try await store.put(
                uploads + [
                    StoreUpload(path: path, address: StoreAddress(bucket: "films", key: "other"))
                ]
            )
            let found = try await store.list("films", prefix: "p q&+ü/")
            #expect(Set(found.map(\.address)) == Set(uploads.map(\.address)))
            #expect(found.allSatisfy { $0.bytes == 1 })
            #expect(try await store.list("films", prefix: "p q&+ü/", limit: 3).count == 3)
            #expect(try await store.list("films", prefix: "nothing/").isEmpty)
        }
    }

    @Test func aStoreThatRefusesIsNamedWithoutSecrets() async throws {
        let path = try write("x", "body")
        try await StandInStore.run(in: folder.path) { server in
            let refused = StoreAddress(bucket: "refused", key: "a b.mp4")
            let films = StoreAddress(bucket: "films", key: "a b.mp4")
            let wrong = String(server.secrets[0].reversed())
            for (store, address) in [
                (try Self.store(server), refused),
                (try Self.store(server, ["AWS_SECRET_ACCESS_KEY": wrong]), films),
                (try Self.store(server, ["AWS_ACCESS_KEY_ID": "AKIANOBODY"]), films),
            ] {
                let attempts: [@Sendable () async throws -> Void] = [
                    { _ = try await store.find(address) },
                    { _ = try await store.content(of: address, limit: 10) },
                    { try await store.put(StoreUpload(path: path, address: address)) },
                    { try await store.put([StoreUpload(path: path, address: address)]) },
                    { _ = try await store.list(address.bucket, prefix: "") },
                ]
                for attempt in attempts {
                    await #expect {
                        try await attempt()
                    } throws: {
                        guard let error = $0 as? EightCutError else { return false }
                        let text = error.description
                        return error.code == .notPermitted
                            && text.contains("s3://\(address.bucket)/")
                            && !(server.secrets + [wrong]).contains { text.contains($0) }
                    }
                }
            }
        }
    }

    @Test func whatIsMissingIsNamed() async throws {
        let path = try write("x", "body")
        try await StandInStore.run(in: folder.path) { server in
            let store = try Self.store(server)
            let object = StoreAddress(bucket: "films", key: "none")
            await #expect {
                try await store.object(object)
            } throws: {
                let error = $0 as? EightCutError
                return error?.code == .inputMissing && error?.subject == "s3://films/none"
            }
            let bucket = StoreAddress(bucket: "no-such-bucket", key: "none")
            await #expect {
                try await store.put(StoreUpload(path: path, address: bucket))
            } throws: {
                let error = $0 as? EightCutError
                return error?.code == .outputUnusable
                    && error?.why.contains("no such bucket") == true
            }
        }
    }

    @Test func anOverloadedStoreIsAskedAgain() async throws {
        let path = try write("x", "body")
        let notes = Notes()
        try await StandInStore.run(#"{"failures": 2}"#, in: folder.path) { server in
            let store = try Self.store(server, note: notes.add)
            let address = StoreAddress(bucket: "films", key: "a")
            try await store.put(StoreUpload(path: path, address: address))
            #expect(try await store.find(address) != nil)
        }
        #expect(notes.all.count == 2)
        #expect(notes.all.allSatisfy { $0.contains("trying again") })
    }

    /// A batch whose files fail for a moment.
    @Test func filesThatFailInABatchAreSentAgain() async throws {
        let path = try write("x", "body")
        try await StandInStore.run(#"{"failures": 5}"#, in: folder.path) { server in
            let store = try Self.store(server)
            try await store.put(
                (0..<20).map {
                    StoreUpload(path: path, address: StoreAddress(bucket: "films", key: "n/\($0)"))
                }
            )
            #expect(try await store.list("films", prefix: "n/").count == 20)
        }
    }

    @Test func aDownloadGoesOnWhereItWasCut() async throws {
        let text = String(repeating: "0123456789abcdef", count: 1 << 14)
        let path = try write(text, "body")
        let target = folder["back"]
        try await StandInStore.run(#"{"cut": 100000, "times": 2}"#, in: folder.path) { server in
            let store = try Self.store(server)
            let address = StoreAddress(bucket: "films", key: "a b")
            try await store.put(StoreUpload(path: path, address: address))
            try await store.download(try await store.object(address), to: target)
            let ranges = try server.requests.filter { $0.method == "GET" }.map(\.range)
            #expect(ranges == ["0", "100000", "200000"].map { "bytes=\($0)-262143" })
        }
        #expect(try Self.content(of: target) == text)
    }

    @Test func anObjectThatChangesIsNotMixed() async throws {
        let (old, new) = (try write("0123456789", "old"), try write("abcdefghij", "new"))
        let target = folder["back"]
        try await StandInStore.run(in: folder.path) { server in
            let store = try Self.store(server)
            let address = StoreAddress(bucket: "films", key: "a")
            try await store.put(StoreUpload(path: old, address: address))
            let object = try await store.object(address)
            try await store.put(StoreUpload(path: new, address: address))
            for read in [
                { @Sendable in _ = try await store.read(0..<2, of: object) },
                { @Sendable in try await store.download(object, to: target) },
            ] {
                await #expect {
                    try await read()
                } throws: {
                    ($0 as? EightCutError)?.why.contains("changed meanwhile") == true
                }
            }
        }
        #expect(FileStatus(following: target) == nil)
    }

    @Test func largeFilesAreSentInParts() async throws {
        let text = String(repeating: "0123456789abcdef", count: 1 << 12) + "end"
        let path = try write(text, "large")
        let target = folder["back"]
        try await StandInStore.run(in: folder.path) { server in
            let store = try Self.store(server)
            let address = StoreAddress(bucket: "films", key: "ü +/large")
            try await store.put(
                StoreUpload(path: path, address: address, metadata: ["row": "r"]),
                limits: Self.smallParts
            )
            let object = try await store.object(address)
            #expect(object.bytes == text.utf8.count && object.metadata["row"] == "r")
            try await store.download(object, to: target)
            let parts = try server.requests.filter { $0.target.contains("partNumber=") }
            #expect(parts.count == 5 && parts.allSatisfy { $0.method == "PUT" })
        }
        #expect(try Self.content(of: target) == text)
        #expect(try Folder.names(in: folder.path).allSatisfy { !$0.contains("8cut-tmp") })
    }

    private static var smallParts: UploadLimits {
        var limits = UploadLimits()
        (limits.whole, limits.part) = (1000, 1 << 14)
        return limits
    }

    /// Parts that are left in a store are billed for ever.
    @Test func anUploadInPartsThatFailsIsAborted() async throws {
        let path = try write(String(repeating: "x", count: 1 << 16), "large")
        try await StandInStore.run(#"{"delay": 0.1}"#, in: folder.path) { server in
            let store = try Self.store(server)
            let address = StoreAddress(bucket: "films", key: "large")
            let task = Task {
                try await store.put(
                    StoreUpload(path: path, address: address),
                    limits: Self.smallParts
                )
            }
            try await eventually("a part") {
                try server.requests.contains { $0.target.contains("partN") }
            }
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
            let requests = try server.requests
            #expect(
                requests.contains {
                    $0.method == "DELETE" && $0.target.contains("uploadId=") && $0.status == 204
                }
            )
            #expect(try await store.find(address) == nil)
        }
    }

    @Test func aServerThatDiesIsAFailureOfTheNetwork() async throws {
        let path = try write("x", "body")
        try await StandInStore.run(in: folder.path) { server in
            let store = try Self.store(server)
            let uploads = (0..<300).map {
                StoreUpload(path: path, address: StoreAddress(bucket: "films", key: "n/\($0)"))
            }
            await #expect {
                try await store.put(uploads) { done in
                    if done == 256 { kill(server.process, SIGKILL) }
                }
            } throws: {
                guard let error = $0 as? EightCutError else { return false }
                return error.code == .networkFailed && error.subject == "s3://films/n/256"
            }
        }
    }

    /// Neither the command lines nor the variables of any process have a secret.
    @Test func noSecretIsSeenFromOutside() async throws {
        let path = try write(String(repeating: "x", count: 1 << 16), "body")
        try await StandInStore.run(#"{"delay": 0.4, "session": true}"#, in: folder.path) { server in
            let store = try Self.store(server)
            let address = StoreAddress(bucket: "films", key: "a")
            let task = Task {
                try await store.put([StoreUpload(path: path, address: address)])
                try await store.put(StoreUpload(path: path, address: address))
                _ = try await store.object(address)
            }
            var count = 0
            while count < 100 {
                for text in try Self.commandLines(ofChildren: "curl") {
                    count += 1
                    for secret in server.secrets { #expect(!text.contains(secret)) }
                }
                if try server.requests.count == 3 { break }
                try await Task.sleep(for: .milliseconds(20))
            }
            try await task.value
            #expect(count > 0)
        }
    }

    private static func commandLines(ofChildren name: String) throws -> [String] {
        try Folder.names(in: "/proc").filter { Int($0) != nil }.compactMap { process in
            let place = FilePath("/proc").appending(process)
            let bytes = ["cmdline", "environ"].map { file in
                (try? SmallFile.read(place.appending(file), limit: 1 << 22)) ?? []
            }
            let text = bytes.map { String(decoding: $0, as: UTF8.self) }
            let program = text[0].split(separator: "\0").first.map { FilePath(String($0)) }
            return program?.lastComponent?.string == name ? text.joined(separator: "\n") : nil
        }
    }
}

/// Collects notes.
private final class Notes: Sendable {
    private let lines = Mutex<[String]>([])

    var all: [String] { lines.withLock { $0 } }

    @Sendable func add(_ line: String) { lines.withLock { $0.append(line) } }
}
