import Checkpoints
import Diagnostics
import Files
import Glibc
import MLTools
import SystemPackage
import TestSupport
import Testing
import Transfers

/// What servers answer, what the cache of downloads contains, and what the environment says.
@Suite struct HubTests {
    /// However an answer is cut into pieces, its head is the same.
    @Test func heads() throws {
        try HostileInputs("http-head", texts: Self.answers).run { input in
            let whole = Self.head(of: [input.bytes])
            let cut = Int.random(in: 0...input.bytes.count, using: &input.mutator)
            let pieces = [Array(input.bytes[..<cut]), Array(input.bytes[cut...])]
            if input.bytes.count < HTTPHeadReader.limit { #expect(Self.head(of: pieces) == whole) }
            guard let head = whole else { return }
            #expect((100...599).contains(head.status))
            _ = (head.contentRange?.start, head.isRedirect)
            if let next = head["location"].flatMap({ Self.url?.redirected(to: $0) }) {
                try Self.check(next)
            }
            let file = try HubFile(name: "model.safetensors", head: head, on: "a/b")
            #expect(HubFile.isHash(file.etag) && (0...HubFile.largest).contains(file.bytes))
            #expect(file.etag.utf8.allSatisfy { $0 < 0x80 } && !file.etag.utf8.contains(0x2f))
            let commit = try HubFile.commit(head: head, on: "a/b")
            #expect(HubFile.isCommit(commit) && commit.utf8.count == 40)
        }
    }

    @Test func addresses() throws {
        let examples = [
            "https://huggingface.co/a/b/resolve/main/config.json?x=1#y", "http://[::1]:8080/a",
            "//cdn.example.com/x", "/api/resolve-cache/x", "relative/x?y=https://z", "HTTPS://H:1",
        ]
        try HostileInputs("address", texts: examples).run { input in
            if let url = ServerURL(input.text) { try Self.check(url) }
            if let url = Self.url?.redirected(to: input.text) {
                #expect(url.scheme == "https")
                try Self.check(url)
            }
        }
    }

    /// A server gets the token only if it is the hub's own.
    private static func check(_ url: ServerURL) throws {
        #expect(ServerURL(url.text) == url)
        #expect(url.text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f })
        var config = CurlConfig()
        try config.set("url", url.text)
        #expect(config.text.split(separator: "\n").count == 1, "\(config.text)")
        let hub = try HubSettings(HubEnvironment(["HF_TOKEN": "hf_secret"]))
        let isHub = url.authority == "huggingface.co:443" && url.scheme == "https"
        #expect(hub.token(for: url) == (isHub ? "hf_secret" : nil), "\(url.text)")
    }

    @Test func environments() throws {
        let names = [
            "HOME", "HF_HOME", "HF_HUB_CACHE", "HF_ENDPOINT", "HF_TOKEN", "HF_TOKEN_PATH",
            "HF_HUB_OFFLINE", "HF_HUB_ETAG_TIMEOUT", "HF_HUB_DOWNLOAD_TIMEOUT", "XDG_CACHE_HOME",
        ]
        let examples = [
            "https://huggingface.co/", "~/cache", "/tmp/x", "1", "10", "hf_token", "YES",
        ]
        try HostileInputs("environment", texts: examples).run { input in
            let name = input.mutator.one(of: names) ?? "HF_ENDPOINT"
            guard !input.bytes.contains(0) else { return }
            var variables = ["HF_TOKEN_PATH": "/x"]
            variables[name] = input.text
            let settings = try HubSettings(HubEnvironment(variables))
            #expect(settings.cache.isAbsolute && ServerURL(settings.endpoint) != nil)
            try settings.checkToken()
            guard let url = ServerURL(settings.endpoint), let token = settings.token(for: url)
            else {
                return
            }
            var config = CurlConfig()
            try config.set("header", "Authorization: Bearer " + token)
            #expect(config.text.split(separator: "\n").count == 1, "\(config.text)")
        }
    }

    /// Records of downloads, and the file that names the current state of a repository.
    @Test func records() throws {
        let checkpoint = try CheckpointCatalogue.named("depth-anything-v2-small")
        let commit = String(repeating: "c", count: 40)
        let record = """
            {"repository": "\(checkpoint.repository)", "commit": "\(commit)", "files": [
              {"name": "config.json", "etag": "\(String(repeating: "a", count: 40))", "bytes": 12,
               "isOurs": true},
              {"name": "model.safetensors", "etag": "\(String(repeating: "b", count: 64))",
               "bytes": 99173660, "isOurs": false}]}
            """
        var inputs = HostileInputs("download-record", texts: [record, commit + "\n"])
        inputs.share = 0.25
        try inputs.run { input in
            let home = EightCutHome(input.folder.appending("home"))
            try Folder.create(home.downloads)
            let settings = try HubSettings(
                HubEnvironment(["HF_HUB_CACHE": input.folder.appending("hub").string])
            )
            let refs = input.folder.appending("hub")
                .appending("models--" + checkpoint.repository.replacing("/", with: "--"))
                .appending("refs")
            try Folder.create(refs)
            rename(
                try input.write(as: "record").string,
                home.downloads.appending(checkpoint.name + ".json").string
            )
            rename(try input.write(as: "ref").string, refs.appending("main").string)
            let installed = InstalledCheckpoint(checkpoint, settings: settings, home: home)
            if let record = installed.record {
                #expect(HubFile.isCommit(record.commit) && !record.files.isEmpty)
                #expect(record.files.allSatisfy { PlainName.allows($0.name) })
            }
            if case .complete(let folder) = installed.state {
                Issue.record("there is nothing in \(folder)")
            }
        }
    }

    /// What `tools install` has noted, and what nvidia-smi prints.
    @Test func tools() throws {
        let marker = """
            {"schema": 1, "program": "0.1.0", "variant": "cpu", "reference": false,
             "packages": {"onnxruntime": "1.22.0"}, "created": "2026-01-01T00:00:00Z"}
            """
        let driver = "NVIDIA GeForce RTX 4090, 580.65.06\nNVIDIA H200, 580.65.06\n"
        try HostileInputs("tools", texts: [marker, driver]).run { input in
            if let driver = NvidiaDriver(csv: input.text) {
                #expect([0, 12, 13].contains(driver.cudaVersion) && !driver.gpus.isEmpty)
            }
            let path = try input.write(as: ToolsFolder.marker)
            _ = ToolsFolder.content(of: input.folder)
            if let marker = try? ToolsMarker(readingFrom: path) {
                #expect(marker.schema == ToolsMarker.currentSchema)
            }
        }
    }

    private static func head(of pieces: [[UInt8]]) -> HTTPHead? {
        var reader = HTTPHeadReader()
        for piece in pieces {
            switch piece.withUnsafeBytes({ reader.add($0) }) {
            case .incomplete: continue
            case .broken: return nil
            case .head(let head, _): return head
            }
        }
        return nil
    }

    private static let url = ServerURL("https://huggingface.co/a/b/resolve/main/model.safetensors")

    private static let answers = [
        "HTTP/1.1 302 Found\r\nLocation: https://cdn.example.com/x?y=z\r\nX-Linked-Size: 12\r\n"
            + "Content-Length: 3\r\nX-Linked-ETag: \"\(String(repeating: "0a", count: 32))\"\r\n"
            + "X-Repo-Commit: \(String(repeating: "c", count: 40))\r\n\r\nbody",
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/2 206\r\ncontent-range: bytes 5-9/10\r\n"
            + "etag: W/\"\(String(repeating: "b", count: 40))\"\r\ncontent-length: 5\r\n"
            + "x-repo-commit: \(String(repeating: "d", count: 40))\r\n\r\n12345",
        "HTTP/1.1 503 Busy\nRetry-After: 120\n\n", "HTTP/1.0 200 OK\r\nLocation: ../../x\r\n\r\n",
    ]
}
