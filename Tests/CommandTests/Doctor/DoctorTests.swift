import Files
import FoundationEssentials
import Glibc
import SystemPackage
import TestSupport
import Testing

/// `8cut doctor`.
@Suite struct DoctorTests {
    private struct Report: Decodable {
        struct Check: Decodable {
            let name: String
            let status: String
            let value: String
            let remedy: String?
        }
        let v: Int
        let checks: [Check]

        subscript(name: String) -> Check? { checks.first { $0.name == name } }
    }

    /// A home that does not exist, and no checkpoints.
    private func variables(_ folder: TemporaryFolder) -> [String: String] {
        [
            "EIGHTCUT_HOME": folder["home"].string, "EIGHTCUT_ONNXRUNTIME": "",
            "HF_HUB_CACHE": folder["hub"].string,
        ]
    }

    private func run(
        _ folder: TemporaryFolder,
        _ changes: [String: String] = [:],
        _ arguments: [String] = []
    ) async throws -> ProgramResult {
        // It never hangs.
        try await Program.run(
            "timeout",
            ["60", Program.eightCut.string, "doctor"] + arguments,
            environment: variables(folder).merging(changes) { $1 },
            in: folder.path
        )
    }

    private func report(
        _ folder: TemporaryFolder,
        _ changes: [String: String] = [:],
        status: Int32 = 0
    ) async throws -> Report {
        let result = try await run(folder, changes, ["--json"])
        #expect(result.status == status && result.errors.isEmpty, "\(result.errors)")
        #expect(result.lines.count == 1)
        return try JSONDecoder().decode(Report.self, from: Data(result.output.utf8))
    }

    @Test func whatIsNeededIsThereAndNothingIsWritten() async throws {
        let folder = try TemporaryFolder()
        let report = try await report(folder)
        #expect(report.v == 1)
        for name in ["ffmpeg", "ffprobe", "filters", "encoders", "cpu", "memory", "disk: home"] {
            #expect(report[name]?.status == "ok" || name == "memory", "\(name)")
        }
        #expect(report["onnxruntime"]?.remedy?.contains("8cut tools install") == true)
        #expect(report["checkpoints"]?.status == "note" && report["library"]?.status == "ok")
        #expect(try Folder.names(in: folder.path).isEmpty)
    }

    @Test func theTextIsAligned() async throws {
        let folder = try TemporaryFolder()
        let result = try await run(folder)
        #expect(result.status == 0 && result.errors.isEmpty)
        #expect(result.lines.allSatisfy { $0.count <= 100 || $0.contains("/") })
        let found = result.lines.filter { $0.hasPrefix("ok ") || $0.hasPrefix("note ") }
        let column = try #require(found.first?.firstRange(of: "ffmpeg")).lowerBound
        let start = found[0].distance(from: found[0].startIndex, to: column)
        #expect(found.count > 8)
        #expect(
            found.allSatisfy {
                $0.dropFirst(start - 1).first == " " && $0.dropFirst(start).first != " "
            }
        )
        #expect(result.lines.last == "Everything that is needed is there.")
    }

    @Test func aMissingFFmpegIsAnErrorAndAMissingCurlIsNone() async throws {
        let folder = try TemporaryFolder()
        let programs = try await ProgramFolder(folder["bin"], real: ["ffmpeg", "ffprobe"])
        let path = ["PATH": programs.path + ":/no-such-folder"]
        let without = try await Program.run(
            Program.eightCut.string,
            ["doctor", "--json"],
            environment: variables(folder).merging(path) { $1 }
        )
        #expect(without.status == 0 && without.output.contains("models download"))
        let none = try await Program.run(
            Program.eightCut.string,
            ["doctor"],
            environment: variables(folder).merging(["PATH": "/no-such-folder"]) { $1 }
        )
        #expect(none.status == 69)
        #expect(none.output.contains("Install FFmpeg") && none.output.contains("missing"))
        #expect(none.lines.last == "2 things that are needed are missing.")
    }

    @Test func programsThatHangAreGivenUp() async throws {
        let folder = try TemporaryFolder()
        let programs = try await ProgramFolder(folder["bin"], real: ["ffprobe", "sleep"])
        for name in ["ffmpeg", "curl", "nvidia-smi"] {
            try AtomicFile.write("#!/bin/sh\nexec sleep 100\n", to: folder["bin"].appending(name))
            chmod(folder["bin"].appending(name).string, 0o755)
        }
        let start = ContinuousClock.now
        let result = try await Program.run(
            Program.eightCut.string,
            ["doctor", "--json"],
            environment: variables(folder).merging(["PATH": programs.path]) { $1 }
        )
        #expect(result.status == 69 && result.output.contains("did not answer within 3 seconds"))
        #expect(start.duration(to: .now) < .seconds(20))
    }

    @Test func anOldFFmpegIsTooOld() async throws {
        let folder = try TemporaryFolder()
        let programs = try await ProgramFolder(folder["bin"], real: ["ffprobe"])
        let script = """
            echo 'ffmpeg version 4.3.7 Copyright (c) 2000-2021 the FFmpeg developers'
            echo 'libavutil      56. 51.100 / 56. 51.100'
            """
        try await programs.add("ffmpeg", script: script)
        let result = try await report(folder, ["EIGHTCUT_FFMPEG": folder["bin"].string], status: 69)
        #expect(result["ffmpeg"]?.value.contains("4.3.7") == true)
        #expect(result["ffmpeg"]?.value.contains("4.4 or newer is needed") == true)
    }

    @Test func variablesThatNameNothingAreErrors() async throws {
        let folder = try TemporaryFolder()
        let ffmpeg = try await report(folder, ["EIGHTCUT_FFMPEG": "/no-such-folder"], status: 69)
        #expect(ffmpeg["ffmpeg"]?.value.contains("EIGHTCUT_FFMPEG") == true)
        let library = try await report(
            folder,
            ["EIGHTCUT_ONNXRUNTIME": "/no-such-library.so"],
            status: 69
        )
        #expect(library["onnxruntime"]?.remedy?.contains("EIGHTCUT_ONNXRUNTIME") == true)
        try AtomicFile.write("", to: folder["file"])
        let home = try await report(folder, ["EIGHTCUT_HOME": folder["file"].string], status: 69)
        #expect(home["library"]?.remedy?.contains("EIGHTCUT_HOME") == true)
        let hub = try await report(folder, ["HF_ENDPOINT": "no-address"], status: 69)
        #expect(hub["checkpoints"]?.value.contains("HF_ENDPOINT") == true)
        #expect(try await report(folder, ["EIGHTCUT_FFMPGE": "x"])["EIGHTCUT_FFMPGE"] != nil)
    }

    @Test func theInstalledLibraryIsLoaded() async throws {
        let folder = try TemporaryFolder()
        let report = try await report(folder, ["EIGHTCUT_HOME": TestTools.home.path.string])
        let version = try TestTools.library().version
        #expect(report["onnxruntime"]?.status == "ok")
        #expect(report["onnxruntime"]?.value.hasPrefix("\(version), cpu, from 8cut tools") == true)
    }

    @Test func checkpointsAreThereDamagedOrIncomplete() async throws {
        let bench = try ModelsBench()
        let changes = ["HF_HUB_CACHE": "", "HF_HOME": bench.folder["hf"].string]
        let download = try await bench.withHub { hub in
            try await bench.models(["download", ModelsBench.name], hub: hub)
        }
        #expect(download.status == 0, "\(download.errors)")
        let home = ["EIGHTCUT_HOME": bench.folder["home"].string].merging(changes) { $1 }
        let whole = try await report(bench.folder, home)
        #expect(whole["checkpoints"]?.value == ModelsBench.name)
        // Somebody else's download has no record.
        try FolderTree.remove(bench.folder["home"])
        let weights = bench.snapshot.appending("model.safetensors")
        unlink(weights.string)
        try AtomicFile.write("damaged", to: weights)
        let damaged = try await report(bench.folder, home)
        #expect(damaged["checkpoints"]?.status == "note")
        #expect(damaged["checkpoints"]?.value.contains("is damaged") == true)
        #expect(damaged["checkpoints"]?.remedy?.contains("models download") == true)
    }
}
