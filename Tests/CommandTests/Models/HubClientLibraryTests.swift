import SystemPackage
import TestSupport
import Testing

/// The hub's own Python client reads what we have downloaded, and we what it has.
@Suite struct HubClientLibraryTests {
    /// A Python with huggingface_hub; nil where it cannot be installed.
    private static let library = Task { () -> (TemporaryFolder, String)? in
        let folder = try TemporaryFolder()
        let made = try await Program.run(
            "sh",
            [
                "-c",
                "python3 -m venv \"$0\" && \"$0/bin/pip\" install --quiet huggingface_hub",
                folder["venv"].string,
            ]
        )
        guard made.status == 0 else { return nil }
        return (folder, folder["venv"].appending("bin").appending("python3").string)
    }

    private static var isThere: Bool {
        get async { (try? await library.value) != nil }
    }

    private func python(_ script: String, _ bench: ModelsBench, _ variables: [String: String])
        async throws -> ProgramResult
    {
        let program = try #require(try await Self.library.value).1
        let own = [
            "HF_HOME": bench.folder["hf"].string,
            "HF_HUB_CACHE": bench.folder["hf"].appending("hub").string,
            "HF_HUB_DISABLE_TELEMETRY": "1", "no_proxy": "127.0.0.1,localhost",
            "HF_HUB_DISABLE_XET": "1",
        ]
        return try await Program.run(
            program,
            ["-c", script, ModelsBench.repository],
            environment: own.merging(variables) { $1 }
        )
    }

    @Test(.enabled("huggingface_hub cannot be installed here") { await isThere })
    func itReadsTheFinishedCacheOffline() async throws {
        let bench = try ModelsBench()
        try await bench.withHub { _ = try await bench.download($0) }
        let script = """
            import sys
            from huggingface_hub import hf_hub_download, scan_cache_dir, snapshot_download
            print(snapshot_download(sys.argv[1]))
            print(hf_hub_download(sys.argv[1], "model.safetensors"))
            report = scan_cache_dir()
            print(len(report.warnings), [r.repo_id for r in report.repos])
            """

        let result = try await python(
            script,
            bench,
            ["HF_HUB_OFFLINE": "1", "HF_ENDPOINT": "http://127.0.0.1:9"]
        )

        #expect(result.status == 0, "\(result.errors)")
        #expect(
            result.lines == [
                bench.snapshot.string, bench.snapshot.appending("model.safetensors").string,
                "0 ['\(ModelsBench.repository)']",
            ]
        )
    }

    @Test(.enabled("huggingface_hub cannot be installed here") { await isThere })
    func weReadWhatItHasDownloaded() async throws {
        let bench = try ModelsBench()
        try await bench.withHub { hub in
            let script = """
                import sys
                from huggingface_hub import hf_hub_download
                for name in ["config.json", "preprocessor_config.json", "model.safetensors"]:
                    hf_hub_download(sys.argv[1], name)
                """
            let result = try await python(
                script,
                bench,
                ["HF_HUB_OFFLINE": "", "HF_ENDPOINT": hub.endpoint]
            )
            #expect(result.status == 0, "\(result.errors)")
            let before = try hub.requests.count

            let path = try await bench.models(["path", ModelsBench.name], hub: hub)
            #expect(path.output == "\(bench.snapshot)\n", "\(path.errors)")
            #expect(try await bench.download(hub).status == 0)
            #expect(try await bench.models(["verify", ModelsBench.name], hub: hub).status == 0)
            #expect(try hub.requests.count == before)
        }
    }
}
