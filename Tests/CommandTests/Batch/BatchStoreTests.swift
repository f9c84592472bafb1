import Files
import Glibc
import MaskStore
import ObjectStore
import SystemPackage
import TestSupport
import Testing

/// Rows that read and write objects in a store that checks signatures.
@Suite(.enabled(if: StandInStore.isInstalled, "scripts/install-test-tools"))
struct BatchStoreTests {
    private static let prefix = "s3://films/ä + b%20"

    /// A batch whose clips are in the store, and a client of the store.
    private static func run(
        _ behaviour: String = "{}",
        _ body: @Sendable (BatchSetup, StandInStore, ObjectStore) async throws -> Void
    ) async throws {
        let batch = try BatchSetup()
        let logs = try TemporaryFolder()
        try await StandInStore.run(behaviour, in: logs.path) { server in
            let store = ObjectStore(try StoreSettings { server.environment[$0] }) { _ in }
            try await body(batch, server, store)
        }
    }

    private static func row(_ name: String, _ more: String = "") -> String {
        #"{"id": "\#(name)", "input": "\#(prefix)/\#(name).mp4", "#
            + #""output": "\#(prefix)/\#(name)_masks", "method": "saliency"\#(more)}"#
    }

    private static func upload(_ path: FilePath, _ store: ObjectStore) async throws {
        let address = try StoreAddress("\(prefix)/\(path.lastComponent?.string ?? "")")
        try await store.put(StoreUpload(path: path, address: address))
    }

    /// The objects below a prefix, as files of a folder.
    private static func content(
        _ prefix: String,
        _ store: ObjectStore
    ) async throws -> [String: [UInt8]] {
        let address = try StoreAddress(prefix)
        var files: [String: [UInt8]] = [:]
        for object in try await store.list(address.bucket, prefix: address.folderKey) {
            let name = String(object.address.key.dropFirst(address.folderKey.count))
            files[name] = try await store.content(of: object.address, limit: 1 << 24)
        }
        return files
    }

    @Test func masksInTheStoreAreThoseOfThisMachine() async throws {
        try await Self.run { batch, server, store in
            let clip = try await batch.clip("a")
            try await Self.upload(clip, store)
            try await Self.upload(try await batch.clip("b", seconds: 0.4), store)
            let single = try await Program.run8cut([
                "masks", "saliency", "-i", clip.string, "-o", batch["single"].string,
            ])
            #expect(single.status == 0)
            try batch.write([Self.row("a"), Self.row("b")])

            let run = try await batch.run(["--verbose"], environment: server.environment)

            #expect(run.status == 0, "\(run.errors)")
            let masks = try await Self.content("\(Self.prefix)/a_masks", store)
            let expected = try MaskSet.content(of: batch["single"])
            #expect(masks.keys.sorted() == expected.keys.sorted())
            for (name, bytes) in masks where name != "masks.json" {
                #expect(bytes == expected[name], "\(name)")
            }
            let manifest = String(decoding: masks["masks.json"] ?? [], as: UTF8.self)
            #expect(manifest.contains(#""a.mp4""#) && !manifest.contains("scratch"))
            #expect(try batch.result("a").frames == 12)
            for secret in server.secrets {
                #expect(!(run.output + run.errors).contains(secret))
                for (_, bytes) in try MaskSet.content(of: batch["results"]) {
                    #expect(!String(decoding: bytes, as: UTF8.self).contains(secret))
                }
            }
            // Nothing stays on this machine.
            let left = try Folder.names(in: batch["results"].appending(".8cut-scratch"))
            #expect(left.isEmpty, "\(left)")
            // The manifest comes last.
            let writes = try server.requests.filter {
                $0.method == "PUT" && $0.target.contains("a_masks")
            }
            #expect(writes.last?.target.hasSuffix("masks.json") == true)
        }
    }

    @Test func theSameCommandTwiceDoesNoWorkHereOrElsewhere() async throws {
        try await Self.run { batch, server, store in
            try await Self.upload(try await batch.clip("a"), store)
            try batch.write([Self.row("a")])
            #expect(try await batch.run(environment: server.environment).status == 0)
            let before = try server.requests.count

            let second = try await batch.run(environment: server.environment)
            let third = try await batch.run(
                ["--results", batch["elsewhere"].string],
                environment: server.environment
            )

            #expect(second.status == 0 && third.status == 0, "\(second.errors)\(third.errors)")
            #expect(second.errors.contains("done already"))
            let requests = try server.requests.dropFirst(before)
            #expect(requests.allSatisfy { $0.method == "HEAD" })
            #expect(try RowResult.printed(third)["a"]?.frames == 12)
        }
    }

    @Test func masksOfOtherSettingsAreReplacedOnlyWhenThatIsSaid() async throws {
        try await Self.run { batch, server, store in
            try await Self.upload(try await batch.clip("a"), store)
            try batch.write([Self.row("a")])
            #expect(try await batch.run(environment: server.environment).status == 0)
            let before = try await Self.content("\(Self.prefix)/a_masks", store)

            try batch.write([Self.row("a", #", "settings": {"invert": true}"#)])
            let refused = try await batch.run(environment: server.environment)
            #expect(refused.status == 65)
            #expect(try batch.result("a").error?.code == "outputDiffers")
            #expect(try await Self.content("\(Self.prefix)/a_masks", store) == before)

            try batch.write([Self.row("a", #", "settings": {"invert": true, "overwrite": true}"#)])
            let replaced = try await batch.run(environment: server.environment)
            #expect(replaced.status == 0, "\(replaced.errors)")
            #expect(try await Self.content("\(Self.prefix)/a_masks", store) != before)
        }
    }

    @Test func whatSomebodyElseHasWrittenIsNotReplaced() async throws {
        try await Self.run { batch, server, store in
            let clip = try await batch.clip("a")
            try await Self.upload(clip, store)
            let other = try StoreAddress("\(Self.prefix)/a_masks/notes.txt")
            try await store.put(StoreUpload(path: clip, address: other))
            try batch.write([Self.row("a")])

            let run = try await batch.run(environment: server.environment)

            #expect(run.status == 65)
            #expect(try batch.result("a").error?.why.contains("notes.txt") == true)
            #expect(try await Self.content("\(Self.prefix)/a_masks", store).count == 1)
        }
    }

    /// A film is not copied for a clip of it.
    @Test func aClipIsCutFromALongFilmOfWhichLittleIsRead() async throws {
        try await Self.run { batch, server, store in
            let film = batch["film.mp4"]
            try await Program.ffmpeg([
                "-f", "lavfi", "-i", "testsrc2=s=320x180:r=24", "-f", "lavfi", "-i",
                "sine=r=48000", "-t", "240", "-c:v", "libx264", "-preset", "ultrafast", "-g", "48",
                "-b:v", "1400k", "-minrate", "1400k", "-maxrate", "1400k", "-bufsize", "700k",
                "-x264-params", "nal-hrd=cbr", film.string,
            ])
            let bytes = try #require(FileStatus(following: film)?.bytes)
            try await Self.upload(film, store)
            let row = { (source: String, output: String) in
                #"{"id": "\#(output)", "source": "\#(source)", "start": 150, "duration": 1, "#
                    + #""output": "\#(output)", "clip": "\#(output).mp4", "method": "saliency"}"#
            }
            try batch.write(
                [
                    row("\(Self.prefix)/film.mp4", "here"), row("film.mp4", "local"),
                ].map { $0 }
            )
            let before = try server.requests.count

            let run = try await batch.run(environment: server.environment)

            #expect(run.status == 0, "\(run.errors)")
            let read = try server.requests.dropFirst(before).map(\.sent).reduce(0, +)
            #expect(read < bytes / 3, "\(read) of \(bytes)")
            #expect(
                try MaskSet.bytes(of: batch["here.mp4"]) == MaskSet.bytes(of: batch["local.mp4"])
            )
            let record = String(
                decoding: try MaskSet.bytes(of: batch["here.cut.json"]),
                as: UTF8.self
            )
            #expect(record.contains("s3:") && !record.contains("scratch"))
        }
    }

    @Test func aClipThatIsCutGoesToTheStoreAndIsNotCutAgain() async throws {
        try await Self.run { batch, server, store in
            try await Self.upload(try await batch.clip("film", seconds: 3), store)
            let row = { (settings: String) in
                #"{"id": "a", "source": "\#(Self.prefix)/film.mp4", "start": 1, "duration": 0.5, "#
                    + #""output": "\#(Self.prefix)/a_masks", "method": "saliency"\#(settings)}"#
            }
            try batch.write([row("")])
            #expect(try await batch.run(environment: server.environment).status == 0)
            let clip = try await store.object(try StoreAddress("\(Self.prefix)/a.mp4"))
            #expect(try await store.find(try StoreAddress("\(Self.prefix)/a.cut.json")) != nil)

            try batch.write([row(#", "settings": {"overwrite": true, "threshold": 90}"#)])
            let again = try await batch.run(environment: server.environment)

            #expect(again.status == 0, "\(again.errors)")
            #expect(try await store.object(clip.address) == clip)
            let writes = try server.requests.filter {
                $0.method == "PUT" && $0.target.hasSuffix("/a.mp4")
            }
            #expect(writes.count == 1)
        }
    }

    @Test func whatTheStoreDoesNotHaveOrRefusesIsNamedAndTheOthersAreDone() async throws {
        try await Self.run { batch, server, store in
            try await Self.upload(try await batch.clip("a"), store)
            try batch.write([
                Self.row("a"), Self.row("missing"),
                #"{"id": "refused", "input": "s3://refused/b c.mp4", "output": "s3://films/r", "#
                    + #""method": "saliency"}"#,
            ])

            let run = try await batch.run(environment: server.environment)

            #expect(run.status == 65, "\(run.errors)")
            let results = try RowResult.printed(run)
            #expect(results["a"]?.status == "done")
            #expect(results["missing"]?.error?.code == "inputMissing")
            #expect(results["refused"]?.error?.code == "notPermitted")
            #expect(run.errors.contains("s3://refused/b c.mp4"))
        }
    }

    @Test func missingCredentialsEndTheRunAtOnce() async throws {
        let batch = try BatchSetup()
        try batch.write([Self.row("a")])
        let run = try await batch.run(environment: ["AWS_ACCESS_KEY_ID": ""])
        #expect(run.status == 77)
        #expect(run.errors.contains("AWS_ACCESS_KEY_ID is not set"))
    }

    /// A store that is gone is one to try again.
    @Test func aStoreThatDiesIsTriedAgain() async throws {
        try await Self.run { batch, server, store in
            try await Self.upload(try await batch.clip("a"), store)
            try batch.write([Self.row("a")])
            kill(server.process, SIGKILL)

            let run = try await batch.run(environment: server.environment)

            #expect(run.status == 75, "\(run.errors)")
            #expect(try batch.result("a").error?.code == "networkFailed")
        }
    }

    @Test func anAddressThatIsNoneIsAMistakeInTheList() async throws {
        let batch = try BatchSetup()
        for (address, why) in [("s3://Bü/x", "bucket"), ("gs://films/x", "kind")] {
            try batch.write([
                #"{"id": "a", "input": "\#(address)", "output": "o", "method": "saliency"}"#
            ])
            let run = try await batch.run()
            #expect(run.status == 64)
            #expect(run.errors.contains("line 1") && run.errors.contains(why), "\(run.errors)")
        }
    }
}
